// What relays and gateways in front of services answer when they refuse, in the forms that their public documentation and bug reports show.

import { expect, test } from 'vitest';
import { serviceError } from './errors.ts';

const blocked = ['content-blocked', false, true] as const;
const empty = ['quota', false, false] as const;
const wrong = ['invalid-request', false, false] as const;
const busy = ['rate-limit', true, false] as const;
const down = ['unavailable', true, true] as const;
const free = { down: ['unavailable', true, false] as const };
const auth = ['auth', false, false] as const;
const permission = ['permission', false, false] as const;
const missing = ['not-found', false, false] as const;
const server = ['server', true, true] as const;

const wrapped = (inner: unknown, before = 'litellm.BadRequestError: AzureException BadRequestError - ') => ({
  error: { message: before + JSON.stringify(inner), type: null, param: null, code: '400' },
});
const azure = (innererror: object) => ({
  error: {
    message: 'The response was filtered due to the prompt triggering a content management policy.',
    type: null,
    param: 'prompt',
    code: 'content_filter',
    status: 400,
    innererror,
  },
});
const relay = (code: string, message: string) => ({ error: { message, type: 'new_api_error', param: '', code } });

test.each([
  // Azure OpenAI
  ['Azure', 400, azure({ code: 'ResponsibleAIPolicyViolation', content_filter_result: {} }), blocked],
  [
    'Azure',
    400,
    { error: { code: 'contentFilter', message: 'Your task failed as a result of our safety system.' } },
    blocked,
  ],
  [
    'Azure',
    400,
    {
      error: { code: 'content_policy_violation', message: 'no', inner_error: { code: 'ResponsibleAIPolicyViolation' } },
    },
    blocked,
  ],
  [
    'Azure',
    400,
    { error: { code: 'BadRequest', message: 'no', innererror: { code: 'ResponsibleAIPolicyViolation' } } },
    blocked,
  ],
  ['Azure', 404, { error: { code: 'DeploymentNotFound', message: 'The API deployment does not exist.' } }, missing],
  ['Azure', 401, { error: { code: '401', message: 'Access denied due to invalid subscription key.' } }, auth],
  ['Azure', 429, { error: { code: '429', message: 'Requests have exceeded call rate limit.' } }, busy],
  ['Azure', 400, { error: { code: 'BadRequest', message: 'Unknown parameter: size', param: 'size' } }, wrong],
  // LiteLLM
  ['LiteLLM', 400, wrapped(azure({})), blocked],
  [
    'LiteLLM',
    400,
    { error: { message: 'litellm.ContentPolicyViolationError: rejected', type: 'None', param: 'None', code: '400' } },
    blocked,
  ],
  [
    'LiteLLM',
    400,
    {
      error: {
        message: 'Budget has been exceeded! Current cost: 1, Max budget: 1',
        type: 'budget_exceeded',
        param: null,
        code: '400',
      },
    },
    empty,
  ],
  [
    'LiteLLM',
    429,
    { error: { message: 'ExceededBudget: over budget', type: 'budget_exceeded', param: 'None', code: '429' } },
    empty,
  ],
  [
    'LiteLLM',
    401,
    {
      error: {
        message: 'Authentication Error, Invalid proxy server token passed.',
        type: 'auth_error',
        param: 'None',
        code: '401',
      },
    },
    auth,
  ],
  [
    'LiteLLM',
    400,
    {
      error: {
        message: '/images/generations: Invalid model name passed in model=x',
        type: 'invalid_request_error',
        param: 'None',
        code: '400',
      },
    },
    wrong,
  ],
  [
    'LiteLLM',
    429,
    { error: { message: 'No deployments available for selected model', type: 'None', param: 'None', code: '429' } },
    busy,
  ],
  [
    'LiteLLM',
    500,
    { error: { message: 'litellm.InternalServerError: boom', type: 'None', param: 'None', code: '500' } },
    server,
  ],
  [
    'LiteLLM',
    403,
    {
      error: {
        message: 'key not allowed to access model',
        type: 'key_model_access_denied',
        param: 'model',
        code: '403',
      },
    },
    permission,
  ],
  [
    'LiteLLM',
    400,
    {
      error: {
        message: '{"error":{"message":"Your credit balance is insufficient","code":"insufficient_quota"}}',
        code: '400',
      },
    },
    empty,
  ],
  // new-api, one-api and their kin
  ['new-api', 403, relay('insufficient_user_quota', 'user quota is not enough'), empty],
  ['new-api', 403, relay('pre_consume_token_quota_failed', 'token quota is not enough'), empty],
  ['new-api', 403, relay('insufficient_user_quota', '用户额度不足, 剩余额度: ¥0'), empty],
  [
    'one-api',
    403,
    { error: { message: '用户额度不足', type: 'one_api_error', code: 'insufficient_user_quota' } },
    empty,
  ],
  ['one-api', 403, { error: { message: '该令牌额度已用尽', type: 'one_api_error' } }, empty],
  ['one-api', 401, { error: { message: '无效的令牌', type: 'one_api_error' } }, auth],
  ['one-api', 403, { error: { message: '预扣费额度失败, 用户剩余额度不足', type: 'one_api_error', code: '' } }, empty],
  ['new-api', 400, relay('sensitive_words_detected', 'sensitive words detected'), blocked],
  ['new-api', 500, relay('sensitive_words_detected', '检测到敏感词'), blocked],
  ['new-api', 400, relay('', '包含敏感词'), blocked],
  ['new-api', 503, relay('model_not_found', 'no available channel for model x'), missing],
  ['new-api', 503, { error: { message: '当前分组上游负载已饱和', type: 'new_api_error' } }, down],
  ['new-api', 429, relay('', '您已达到请求数限制'), busy],
  // OpenRouter and other hubs
  ['OpenRouter', 402, { error: { code: 402, message: 'Insufficient credits.' } }, empty],
  [
    'OpenRouter',
    403,
    { error: { code: 403, message: 'Input was flagged', metadata: { reasons: ['sexual'], flagged_input: 'x' } } },
    permission,
  ],
  [
    'OpenRouter',
    400,
    {
      error: {
        code: 400,
        message: 'Provider returned error',
        metadata: { raw: '{"error":{"code":"content_filter","message":"no"}}' },
      },
    },
    blocked,
  ],
  ['OpenRouter', 429, { error: { code: 429, message: 'Rate limit exceeded: free-models-per-day' } }, busy],
  ['OpenRouter', 502, { error: { code: 502, message: 'Provider returned error' } }, down],
  ['OpenRouter', 401, { error: { code: 401, message: 'No auth credentials found' } }, auth],
  [
    'Together',
    400,
    { error: { message: 'NSFW content detected', type: 'invalid_request_error', param: null, code: null } },
    blocked,
  ],
  ['Together', 402, { error: { message: 'Credit limit exceeded', type: 'credit_limit', code: null } }, empty],
  ['DeepInfra', 402, { detail: { error: 'inference prohibited, please enter a payment method' } }, empty],
  ['SiliconFlow', 451, { code: 20020, message: 'The prompt contains prohibited content', data: null }, blocked],
  ['SiliconFlow', 403, { code: 30001, message: '账户余额不足', data: null }, empty],
  ['SiliconFlow', 429, { message: 'Request was rejected due to rate limiting.', data: null }, busy],
  ['Fireworks', 412, { error: { message: 'Account suspended' } }, wrong],
  [
    'xAI',
    400,
    { code: 'Client specified an invalid argument', error: 'Generated image rejected by content moderation.' },
    blocked,
  ],
  // FastAPI and friends
  [
    'FastAPI',
    422,
    { detail: [{ loc: ['body', 'prompt'], msg: 'rejected by content policy', type: 'value_error' }] },
    blocked,
  ],
  ['FastAPI', 422, { detail: [{ loc: ['body', 'size'], msg: 'not a size', type: 'value_error' }] }, wrong],
  ['FastAPI', 422, { detail: 'NSFW content detected in image' }, blocked],
  ['FastAPI', 422, { errors: [{ message: 'inappropriate content' }] }, blocked],
  // Gateways
  [
    'Cloudflare',
    400,
    { success: false, errors: [{ code: 3030, message: 'Input prompt contains NSFW content' }], result: null },
    blocked,
  ],
  [
    'Cloudflare',
    401,
    { success: false, errors: [{ code: 10000, message: 'Authentication error' }], result: null },
    auth,
  ],
  [
    'Cloudflare',
    429,
    { success: false, errors: [{ code: 3036, message: 'You have used up your daily free allocation' }] },
    busy,
  ],
  ['Cloudflare', 524, '<html>A timeout occurred</html>', down],
  [
    'Portkey',
    446,
    { error: { message: 'The guardrail checks have failed', type: 'hooks_failed', param: null, code: null } },
    wrong,
  ],
  ['Kong', 401, { message: 'No API key found in request' }, auth],
  ['Kong', 429, { message: 'API rate limit exceeded' }, busy],
  ['nginx', 502, '<html><h1>502 Bad Gateway</h1></html>', down],
  ['nginx', 413, '<html><h1>413 Request Entity Too Large</h1></html>', wrong],
  ['AWS', 403, { message: 'Missing Authentication Token' }, permission],
  ['AWS', 503, { message: 'Service Unavailable' }, down],
  ['vLLM', 503, { detail: 'engine not ready' }, down],
  ['MiniMax', 400, { base_resp: { status_code: 1026, status_msg: 'input new_sensitive: content policy' } }, blocked],
  ['MiniMax', 402, { base_resp: { status_code: 1008, status_msg: 'insufficient balance' } }, empty],
  [
    'Tencent',
    400,
    { Response: { Error: { Code: 'OperationDenied.ContentFilter', Message: 'no' }, RequestId: 'r' } },
    blocked,
  ],
  ['LocalAI', 503, { error: { code: 'model_loading', message: 'soon' } }, free.down],
] as const)('%s, HTTP %i %j', (_, status, body, [code, retryable, mayHaveBeenBilled]) => {
  const error = serviceError({ status, headers: new Headers(), now: 0 }, body);
  expect(error).toMatchObject({ code, retryable, mayHaveBeenBilled, status, hint: expect.stringMatching(/\.$/) });
  if (code === 'content-blocked') expect(error.hint).toMatch(/reword/i);
  if (code === 'quota') expect(error.hint).toMatch(/top it up/);
});

test.each(['None', 'null', '', null])('param %j is no field', (param) => {
  const error = serviceError(
    { status: 400, headers: new Headers(), now: 0 },
    { error: { message: 'no', param, code: '400' } },
  );
  expect(error.hint).not.toMatch(/leave it out/);
  expect(error.details).toBeUndefined();
});
