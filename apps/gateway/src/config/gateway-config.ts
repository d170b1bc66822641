// What gateway.json may hold: host's words for providers and models beside the gateway's own. The JSON Schema is made of this.

import { type ConfigForm, configJSONSchema, configSchema } from '@anyimage/host';
import * as z from 'zod';

const { model, aliases, providers, models, styles, allowNetworks, proxy, maxImageBytes, version } = configSchema.shape;
const money = configSchema.shape.budget.unwrap().shape;

const object = { error: 'must be an object' };
const text = z.string({ error: 'must be text' }).min(1, 'must not be empty');
const yesNo = z.boolean({ error: 'must be true or false' });
const whole = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`;
  return z.number({ error }).int(error).min(least, error).max(most, error);
};

const listen = z.strictObject(
  {
    host: text
      .optional()
      .describe('The address that it listens on. Default: 127.0.0.1, which this machine alone reaches.'),
    port: whole(0, 65_535).optional().describe('Default 4040; 0 takes a free one.'),
  },
  object,
);

const budget = z.strictObject(
  {
    currency: money.currency,
    perCall: money.perCall,
    perDay: money.perDay.describe('Most that a day (UTC) may cost, of all keys together.'),
    perMonth: money.perDay.describe('Most that a month (UTC) may cost, of all keys together.'),
    allowUnknown: money.allowUnknown,
    rates: money.rates,
  },
  object,
);

const secret = z.strictObject({ file: text.describe('The file that holds it, alone.') }, object);

const limits = z.strictObject(
  {
    bodyBytes: whole(1024, 1_073_741_824).optional().describe('The largest body of a request. Default 64 MiB.'),
    bodiesBytes: whole(1024, 17_179_869_184)
      .optional()
      .describe('What the bodies of all requests under way may have together. Default 512 MiB.'),
    concurrency: whole(1, 10_000)
      .optional()
      .describe('Calls of one account of a service at a time. Default: what is known of the service.'),
    requestSeconds: whole(1, 86_400)
      .optional()
      .describe('How long a request may take, its pictures included. Default: 5 minutes, longer for slow models.'),
    uploadSeconds: whole(1, 3600).optional().describe('How long a request may take to arrive. Default 120.'),
    graceSeconds: whole(0, 3600)
      .optional()
      .describe('How long an ending gateway waits for what is paid for. Default 120.'),
  },
  object,
);

const url = z.string({ error: 'must be text' }).regex(/^https?:\/\/[^\s?#]+$/, 'must be an http(s) URL');

const s3 = z.strictObject(
  {
    endpoint: url.describe('The storage, without the bucket: https://s3.eu-central-1.amazonaws.com.'),
    bucket: z
      .string({ error: 'must be text' })
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket: 3 to 63 of a-z, 0-9, . and -'),
    region: text.optional().describe('Default auto, which services other than Amazon take.'),
    prefix: z
      .string({ error: 'must be text' })
      .regex(/^[\w.-]+(?:\/[\w.-]+)*$/, 'must be letters, digits, _, . and - with / between')
      .optional()
      .describe('What keys of pictures begin with. Default pictures.'),
    publicEndpoint: url
      .optional()
      .describe('The storage as callers reach it, for URLs of pictures. Default: endpoint.'),
  },
  object,
);

const pictures = z.strictObject(
  {
    keepHours: whole(1, 8760).optional().describe('How long pictures and answers are kept. Default 24.'),
    urlMinutes: whole(1, 525_600)
      .optional()
      .describe('How long the URL of a picture works. Default 60; at most a week where pictures are in S3.'),
    s3: s3
      .optional()
      .describe(
        'Keeps pictures in S3-compatible storage. Its key: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, in the environment or in secrets.',
      ),
  },
  object,
);

const redis = z.strictObject(
  {
    url: z
      .string({ error: 'must be text' })
      .regex(/^rediss?:\/\/[^\s?#]+$/, 'must be a redis:// or rediss:// URL')
      .regex(/^\w+:\/\/(?:[^:@/]*@)?[^@]*$/, 'must be without a password: put all of it into ANYIMAGE_REDIS_URL')
      .optional()
      .describe(
        'The server. Default: ANYIMAGE_REDIS_URL, of the environment or of secrets, where a password may be in it.',
      ),
    prefix: z
      .string({ error: 'must be text' })
      .regex(/^[\w.{}-]{1,64}$/, 'must be letters, digits, _, ., -, { and }')
      .optional()
      .describe('What its keys begin with. Default {anyimage}.'),
  },
  object,
);

const store = z.strictObject(
  {
    redis: redis
      .optional()
      .describe(
        'Several gateways and workers keep what they must in Redis, and workers make what gateways are asked for. The pictures must be shared, too.',
      ),
  },
  object,
);

const worker = z.strictObject(
  { concurrency: whole(1, 1000).optional().describe('Requests that a worker has under way at a time. Default 16.') },
  object,
);

const tracing = z.strictObject(
  {
    endpoint: url.describe('Where spans are sent, as OTLP over HTTP: http://collector:4318/v1/traces.'),
    service: text.optional().describe('The name of this service in them. Default anyimage-gateway.'),
    prompts: yesNo.optional().describe('Whether prompts are in them. Default false.'),
  },
  object,
);

const gatewaySchema = z.strictObject(
  {
    $schema: z.string({ error: 'must be text' }).optional(),
    version,
    listen: listen.optional(),
    publicURL: url.optional().describe('Where callers reach it, for the URLs of pictures. Default: as they asked.'),
    data: text.optional().describe('The folder for what it keeps. Default: gateway in the home folder of anyimage.'),
    requireKey: yesNo.optional().describe('Whether each request needs a key. Default: not on loopback.'),
    negotiation: z
      .enum(['strict', 'adapt'], { error: 'must be strict or adapt' })
      .optional()
      .describe('What happens to what a model lacks, unless a request says it. Default: strict, which refuses.'),
    model: model.unwrap().optional().describe('What draws when a request names no model.'),
    aliases,
    providers,
    models,
    styles,
    allowNetworks,
    proxy,
    maxImageBytes,
    budget: budget.optional().describe('Limits of all keys together. Each key may have narrower ones.'),
    secrets: z
      .record(
        z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'must be the name of a variable: capital letters, digits and _'),
        secret,
        object,
      )
      .optional()
      .describe('Keys of services that lie in files, by the names of their variables.'),
    limits: limits.optional(),
    pictures: pictures.optional(),
    store: store
      .optional()
      .describe('Where keys, intents, tickets and spending are kept. Default: in the folder of data.'),
    worker: worker.optional(),
    tracing: tracing
      .optional()
      .describe(
        'Spans for OpenTelemetry. Headers that the collector needs: OTEL_EXPORTER_OTLP_HEADERS in the environment.',
      ),
  },
  object,
);

export type GatewayConfig = z.infer<typeof gatewaySchema>;

/** For editors: `anyimage-gateway config schema` prints it. */
export function gatewayJSONSchema(): { readonly [key: string]: unknown } {
  const { properties, ...rest } = z.toJSONSchema(gatewaySchema, { io: 'input' });
  const { models: rows } = (configJSONSchema() as { readonly properties: { readonly [key: string]: object } })
    .properties;
  return { title: 'anyimage-gateway config', ...rest, properties: { ...properties, models: rows } };
}

export const gatewayForm: ConfigForm<GatewayConfig> = { schema: gatewaySchema, jsonSchema: gatewayJSONSchema };
