// A bucket of S3 or of what speaks its language: objects by key, sent from files and read in pieces.

import { openAsBlob } from 'node:fs';
import { ImageError } from '@anyimage/core';
import { S3mini, S3ServiceError } from 's3mini';

/** Where a bucket is, and who asks. */
export interface S3Place {
  /** The service, without the bucket: `https://s3.eu-central-1.amazonaws.com`. */
  readonly endpoint: string;
  readonly bucket: string;
  /** Default `auto`, which services other than Amazon's take. */
  readonly region?: string | undefined;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The service as callers of signed URLs reach it. Default: `endpoint`. */
  readonly publicEndpoint?: string | undefined;
  /** How long one request to it may take, ms. Default two minutes. */
  readonly timeoutMs?: number | undefined;
}

/** All methods throw `unavailable` for storage that does not answer or refuses. */
export interface S3Bucket {
  /** Throws `config` for a bucket that is not there or may not be used. */
  check(): Promise<void>;
  putFile(key: string, path: string, byteLength: number, mediaType: string): Promise<void>;
  put(key: string, body: Uint8Array): Promise<void>;
  /** How many bytes it has; `undefined` if it is not there. */
  sizeOf(key: string): Promise<number | undefined>;
  /** `undefined` if it is not there. */
  read(key: string): Promise<ReadableStream<Uint8Array> | undefined>;
  /** A URL that whoever has it may read it by. `seconds`: at most a week. */
  urlOf(key: string, seconds: number): Promise<string>;
  /** Keys that begin so, in the order of their letters, at most 1,000. */
  list(prefix: string): Promise<readonly string[]>;
  remove(keys: readonly string[]): Promise<void>;
}

const usualTimeoutMs = 120_000;
/** Of a question that others wait for, ms. */
const checkTimeoutMs = 3000;

export function s3Bucket(place: S3Place): S3Bucket {
  const { bucket, timeoutMs = usualTimeoutMs } = place;
  const client = clientAt(place, place.endpoint, timeoutMs);
  const quick = clientAt(place, place.endpoint, Math.min(timeoutMs, checkTimeoutMs));
  const signing = clientAt(place, place.publicEndpoint ?? place.endpoint, timeoutMs);
  return {
    async check() {
      if (await quick.bucketExists().catch((error: unknown) => away(place, error))) return;
      throw new ImageError(
        'config',
        `the bucket ${bucket} at ${place.endpoint} is not there, or its key may not use it`,
        {
          hint: 'Make the bucket, or correct its name, region or key.',
        },
      );
    },
    async putFile(key, path, byteLength, mediaType) {
      // Read from the disk as it is sent.
      const file = await openAsBlob(path, { type: mediaType });
      await client
        .putObject(key, file, mediaType, undefined, undefined, byteLength)
        .catch((error: unknown) => away(place, error));
    },
    async put(key, body) {
      await client.putObject(key, Buffer.from(body)).catch((error: unknown) => away(place, error));
    },
    async sizeOf(key) {
      return client.getContentLength(key).catch(({ cause = undefined }: Error) => {
        return cause instanceof S3ServiceError && cause.status === 404 ? undefined : away(place, cause);
      });
    },
    async read(key) {
      const found = await client.getObjectResponse(key).catch((error: unknown) => away(place, error));
      return (found?.body ?? undefined) as ReadableStream<Uint8Array> | undefined;
    },
    urlOf: (key, seconds) => signing.getPresignedUrl('GET', key, Math.min(seconds, 604_800)),
    async list(prefix) {
      const page = await client.listObjectsPaged('/', prefix, 1000).catch((error: unknown) => away(place, error));
      return (page?.objects ?? []).map(({ Key }) => Key);
    },
    async remove(keys) {
      await client.deleteObjects([...keys]).catch((error: unknown) => away(place, error));
    },
  };
}

function clientAt({ bucket, region, accessKeyId, secretAccessKey }: S3Place, base: string, timeoutMs: number): S3mini {
  return new S3mini({
    endpoint: `${base.replace(/\/+$/, '')}/${bucket}`,
    ...(region !== undefined && { region }),
    accessKeyId,
    secretAccessKey,
    requestAbortTimeout: timeoutMs,
  });
}

/** Says what the storage said, and no more: bodies of its errors repeat what was signed. */
function away({ bucket, endpoint }: S3Place, cause: unknown): never {
  const why =
    cause instanceof S3ServiceError
      ? `it says ${cause.status} ${cause.serviceCode ?? ''}`.trim()
      : 'it does not answer';
  throw new ImageError('unavailable', `the storage of pictures, ${bucket} at ${endpoint}, cannot be used: ${why}`, {
    retryable: true,
    retryAfter: 5000,
    hint: 'Try again in a moment. Whoever runs this looks whether the storage runs and its key is right.',
    details: { storage: endpoint },
  });
}
