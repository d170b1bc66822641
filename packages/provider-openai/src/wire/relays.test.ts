// What relays and gateways in front of services answer when they refuse, in the forms that their public documentation and bug reports show.

import { expect, test } from 'vitest';
import { serviceError } from './errors.ts';

const blocked = ['content-blocked', false, true] as const;
const empty = ['quota', false, false] as const;
const wrong = ['invalid-request', false, false] as const;
const busy = ['rate-limit', true, false] as const;
const down = ['unavailable', true, true] as const;
const free = { down: ['unavailable', true, false] as const, blocked: ['content-blocked', false, false] as const };
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
const told = (message: string, rest: object = {}) => ({ error: { message, ...rest } });
/** The account is blocked, not this prompt, whatever the words say of policies. */
const suspended = told(
  'Your resource has been temporarily blocked because we detected behavior that may violate our content policy.',
  { code: 'Forbidden' },
);
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
    blocked,
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
  ['Fireworks', 412, { error: { message: 'Account suspended' } }, permission],
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
    empty,
  ],
  ['Cloudflare', 524, '<html>A timeout occurred</html>', down],
  [
    'Portkey',
    446,
    { error: { message: 'The guardrail checks have failed', type: 'hooks_failed', param: null, code: null } },
    blocked,
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
  // More of new-api, one-api and their kin
  [
    'new-api',
    429,
    told('当前分组上游负载已饱和，请稍后再试 (request id: 1)', {
      type: 'upstream_error',
      param: '404',
      code: 'bad_response_status_code',
    }),
    busy,
  ],
  [
    'new-api',
    503,
    told('分组 default 下模型 gpt-image-2 无可用渠道（distributor）', {
      type: 'new_api_error',
      param: '',
      code: 'model_not_found',
    }),
    missing,
  ],
  ['one-api', 401, told('该令牌已过期', { type: 'one_api_error' }), auth],
  ['one-api', 401, told('该令牌额度已用尽', { type: 'one_api_error' }), empty],
  ['new-api', 403, told('该令牌无权访问模型 gpt-image-2', { type: 'new_api_error' }), permission],
  [
    'OpenAI',
    429,
    told('Your account is not active, please check your billing details on our website.', {
      type: 'billing_not_active',
      param: null,
      code: 'billing_not_active',
    }),
    empty,
  ],
  ['sub2api', 502, told('Upstream request failed', { type: 'upstream_error' }), down],
  // More of LiteLLM
  [
    'LiteLLM',
    429,
    told('Budget has been exceeded! Key=e7 Current cost: 0.0, Estimated request cost: 3.6, Max budget: 2.5', {
      type: 'budget_exceeded',
      param: null,
      code: '429',
    }),
    empty,
  ],
  [
    'LiteLLM',
    429,
    told('No deployments available - crossed budget: Exceeded budget for deployment model_name: x: 0.36 >= 1d', {
      type: 'None',
      param: 'None',
      code: '429',
    }),
    empty,
  ],
  [
    'LiteLLM',
    400,
    told(
      'litellm.BadRequestError: OpenAIException - Budget has been exceeded! Current cost: 14, Max budget: 100. Received Model Group=x',
      { type: null, param: null, code: '400' },
    ),
    empty,
  ],
  [
    'LiteLLM',
    401,
    told("key not allowed to access model. This key can only access models=['gpt-4o']. Tried to access gpt-image-2", {
      type: 'key_model_access_denied',
      param: 'model',
      code: '401',
    }),
    permission,
  ],
  [
    'LiteLLM',
    400,
    told('Authentication Error - Expired Key. Key Expiry time 2026-01-01 and current time 2026-02-01', {
      type: 'expired_key',
      param: 'None',
      code: '400',
    }),
    auth,
  ],
  [
    'LiteLLM',
    400,
    told(
      'litellm.UnsupportedParamsError: Setting `response_format` is not supported by openai, m. To drop it from the call, set `litellm.drop_params = True`',
      { type: 'None', param: '', code: '400' },
    ),
    wrong,
  ],
  // More of OpenRouter
  [
    'OpenRouter',
    402,
    told('This request requires more credits, or fewer max_tokens.', {
      code: 402,
      metadata: { limit_source: 'openrouter_credits', remedy_hint: 'Add credits' },
    }),
    empty,
  ],
  [
    'OpenRouter',
    403,
    told('m requires moderation on OpenAI. Your input was flagged for "sexual". No credits were charged.', {
      code: 403,
      metadata: { reasons: ['sexual'], flagged_input: 'x', provider_name: 'OpenAI' },
    }),
    free.blocked,
  ],
  [
    'OpenRouter',
    403,
    told('Key limit exceeded (monthly limit). Manage it using https://openrouter.ai/settings/keys', { code: 403 }),
    empty,
  ],
  [
    'OpenRouter',
    404,
    told('No endpoints found matching your data policy. Configure: https://openrouter.ai/settings/privacy', {
      code: 404,
    }),
    missing,
  ],
  ['OpenRouter', 404, told('No allowed providers are available for the selected model.', { code: 404 }), missing],
  [
    'OpenRouter',
    400,
    told('Provider returned error', {
      code: 400,
      metadata: {
        raw: '{"error":{"message":"Your request was rejected by the safety system","code":"moderation_blocked"}}',
        provider_name: 'OpenAI',
      },
    }),
    blocked,
  ],
  [
    'Pollinations',
    403,
    {
      success: false,
      error: {
        message: JSON.stringify({ error: 'Forbidden', message: JSON.stringify(suspended), requestId: 'r' }),
        code: 'FORBIDDEN',
        timestamp: 't',
      },
      status: 403,
    },
    permission,
  ],
  ['Azure', 403, suspended, permission],
  // Azure and its API management
  [
    'Azure',
    429,
    told(
      'Requests to the ImageGenerations_Create Operation under Azure OpenAI API version 2025-04-01-preview have exceeded call rate limit of your current OpenAI S0 pricing tier. Please retry after 5 seconds.',
      { code: '429' },
    ),
    busy,
  ],
  [
    'Azure',
    401,
    {
      statusCode: 401,
      message:
        'Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.',
    },
    auth,
  ],
  [
    'Azure',
    403,
    { statusCode: 403, message: 'Out of call volume quota. Quota will be replenished in 00:12:00.' },
    empty,
  ],
  ['Azure', 429, { statusCode: 429, message: 'Rate limit is exceeded. Try again in 27 seconds.' }, busy],
  // More of Cloudflare
  [
    'Cloudflare',
    424,
    {
      success: false,
      result: [],
      messages: [],
      error: [{ code: 2016, message: 'Prompt blocked due to security configurations' }],
    },
    blocked,
  ],
  [
    'Cloudflare',
    400,
    { success: false, errors: [{ code: 2017, message: 'Response blocked due to security configurations' }] },
    blocked,
  ],
  ['Cloudflare', 401, { success: false, error: [{ code: 2009, message: 'Unauthorized' }] }, auth],
  [
    'Cloudflare',
    403,
    { success: false, errors: [{ code: 10000, message: 'Authentication error' }], result: null },
    auth,
  ],
  [
    'Cloudflare',
    429,
    {
      success: false,
      errors: [
        {
          code: 4006,
          message:
            "AiError: you have used up your daily free allocation of 10,000 neurons, please upgrade to Cloudflare's Workers Paid plan",
        },
      ],
    },
    empty,
  ],
  [
    'Cloudflare',
    429,
    { success: false, errors: [{ code: 3040, message: 'Capacity temporarily exceeded, please try again.' }] },
    busy,
  ],
  // More gateways
  ['Portkey', 412, { status: 'failure', message: 'Portkey Error: API key budget exhausted' }, empty],
  [
    'Portkey',
    446,
    told('The guardrail checks defined in the config failed.', { type: 'hooks_failed', param: null, code: null }),
    blocked,
  ],
  [
    'WSO2',
    446,
    {
      code: '900514',
      type: 'SEMANTIC_PROMPT_GUARD',
      message: {
        interveningGuardrail: 'g',
        action: 'GUARDRAIL_INTERVENED',
        actionReason: 'Violation of g detected.',
        direction: 'REQUEST',
      },
    },
    blocked,
  ],
  ['Kong', 404, { message: 'no Route matched with those values' }, missing],
  ['AWS', 504, { message: 'Endpoint request timed out' }, down],
  [
    'Vercel',
    402,
    told('Insufficient funds. Please add credits to your account to continue using AI services.', {
      type: 'insufficient_funds',
    }),
    empty,
  ],
  [
    'Vercel',
    403,
    told('AI Gateway requires a valid credit card on file to service requests.', {
      type: 'customer_verification_required',
    }),
    permission,
  ],
  [
    'Vercel',
    429,
    told('Insufficient balance or no resource package. Please recharge.', {
      type: 'AI_APICallError',
      param: { error: 'Insufficient balance', statusCode: 429 },
    }),
    empty,
  ],
  // services behind a relay that passes on what they say
  [
    'xAI',
    403,
    {
      code: 'The caller does not have permission to execute the specified operation',
      error: "Your newly created team doesn't have any credits yet. You can purchase credits on https://console.x.ai.",
    },
    empty,
  ],
  [
    'xAI',
    400,
    {
      code: 'Client specified an invalid argument',
      error: 'Incorrect API key provided: xa***. You can obtain an API key from https://console.x.ai.',
    },
    auth,
  ],
  [
    'fal',
    403,
    { detail: 'User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing.' },
    empty,
  ],
  ['fal', 403, { detail: 'User is locked. Reason: Admin lock. Please contact support@fal.ai' }, permission],
  [
    'fal',
    422,
    {
      detail: [
        {
          loc: ['body', 'prompt'],
          msg: 'The content could not be processed because it contained material flagged by a content checker.',
          type: 'content_policy_violation',
        },
      ],
    },
    blocked,
  ],
  [
    'Replicate',
    402,
    { title: 'Insufficient credit', detail: 'You have insufficient credit to run this model.', status: 402 },
    empty,
  ],
  [
    'Replicate',
    422,
    {
      title: 'Input validation failed',
      detail: '- input.size: size must be one of the following',
      status: 422,
      invalid_fields: [{ field: 'size' }],
    },
    wrong,
  ],
  ['Hugging Face', 402, { error: 'You have exceeded your monthly included credits for Inference Providers.' }, empty],
  ['Hugging Face', 503, { error: 'Model x is currently loading', estimated_time: 20 }, free.down],
  [
    'Stability',
    403,
    {
      name: 'content_moderation',
      errors: [
        'Your request was flagged by our content moderation system, as a result your request was denied and you were not charged.',
      ],
    },
    free.blocked,
  ],
  [
    'Gemini',
    400,
    { error: { code: 400, message: 'User location is not supported for the API use.', status: 'FAILED_PRECONDITION' } },
    permission,
  ],
  [
    'OpenAI',
    403,
    told('Country, region, or territory not supported', {
      code: 'unsupported_country_region_territory',
      param: null,
      type: 'request_forbidden',
    }),
    permission,
  ],
  [
    'DashScope',
    400,
    {
      error: { code: 'Arrearage', message: 'Access denied, please make sure your account is in good standing.' },
      request_id: 'r',
    },
    empty,
  ],
  [
    'DashScope',
    429,
    told('You exceeded your current requests list.', { code: 'limit_requests', type: 'limit_requests', param: null }),
    busy,
  ],
  [
    'Ark',
    403,
    {
      error: {
        code: 'AccountOverdueError',
        message: 'The request failed because your account has an overdue balance.',
        type: 'Forbidden',
      },
    },
    empty,
  ],
  ['Zhipu', 429, { error: { code: '1113', message: '余额不足或无可用资源包,请充值。' } }, empty],
  ['Anthropic', 529, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, free.down],
  [
    'Fireworks',
    412,
    told(
      'Account x is suspended, possibly due to reaching the monthly spending limit or failure to pay past invoices.',
    ),
    empty,
  ],
  [
    'new-api',
    200,
    told('Our servers are currently overloaded. Please try again later.', {
      type: 'service_unavailable_error',
      code: 'server_is_overloaded',
      param: null,
    }),
    free.down,
  ],
  ['muapi', 403, { detail: 'Insufficient credits. A credit balance > 0 is required for file uploads.' }, empty],
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
