// /openapi.json, made of the schemas that requests are checked by.

import * as z from 'zod';
import { editFields, editFormFields, generationFields } from './fields.ts';

const schemaOf = (schema: z.ZodType) => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
};

const file = { type: 'string', format: 'binary' };
const json = (schema: object) => ({ 'application/json': { schema } });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** The description of the API. */
export function openAPI(): { readonly [member: string]: unknown } {
  const form = schemaOf(editFormFields) as { readonly properties: object };
  const files = { image: file, 'image[]': { type: 'array', items: file }, mask: file, markup: file };
  const errors = { default: { description: 'An error', content: json(ref('Error')) } };
  const pictures = {
    200: {
      description: 'The pictures; with stream, events',
      content: { ...json(ref('Images')), 'text/event-stream': { schema: { type: 'string' } } },
    },
    ...errors,
  };
  const answer = (description: string, name: string) => ({ 200: { description, content: json(ref(name)) }, ...errors });
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
  return {
    openapi: '3.1.0',
    info: {
      title: 'anyimage-gateway',
      version: '1',
      description: "OpenAI's image API over any image service, with words of anyimage beyond it.",
    },
    security: [{ key: [] }, {}],
    paths: {
      '/v1/images/generations': {
        post: {
          operationId: 'generate',
          parameters: headers,
          requestBody: { content: json(ref('Generation')) },
          responses: pictures,
        },
      },
      '/v1/images/edits': {
        post: {
          operationId: 'edit',
          parameters: headers,
          requestBody: { content: { ...json(ref('Edit')), 'multipart/form-data': { schema: ref('EditForm') } } },
          responses: pictures,
        },
      },
      '/v1/images/generations/async': {
        post: {
          operationId: 'generateLater',
          parameters: headers,
          requestBody: { content: json(ref('Generation')) },
          responses: { 202: { description: 'A task, which Location leads to', content: json(ref('Task')) }, ...errors },
        },
      },
      '/v1/images/tasks/{id}': {
        get: {
          operationId: 'task',
          parameters: [id],
          responses: answer('How it stands; with its pictures once it is done', 'Task'),
        },
      },
      '/v1/models': { get: { operationId: 'models', responses: answer('The models that the key may use', 'Models') } },
      '/v1/models/{id}': {
        get: { operationId: 'model', parameters: [id], responses: answer('A model and its row', 'Model') },
      },
      '/v1/usage': {
        get: {
          operationId: 'usage',
          parameters: ['from', 'to'].map((name) => ({ name, in: 'query', schema: { type: 'string', format: 'date' } })),
          responses: answer('What the key had, by day and model', 'Usage'),
        },
      },
    },
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
      schemas: {
        Generation: schemaOf(generationFields),
        Edit: schemaOf(editFields),
        EditForm: { ...form, properties: { ...form.properties, ...files } },
        ...answers,
      },
    },
  };
}

const headers = [
  {
    name: 'Idempotency-Key',
    in: 'header',
    schema: { type: 'string', maxLength: 255 },
    description: 'Asked again with it, the same is answered, and nothing is paid twice.',
  },
  {
    name: 'x-anyimage-negotiation',
    in: 'header',
    schema: { enum: ['strict', 'adapt'] },
    description: 'What happens to what a model lacks: it is refused, or changed and listed in applied.',
  },
];

const text = { type: 'string' };
const number = { type: 'number' };
const anything = { type: 'array', items: { type: 'object' } };
const picture = { type: 'object', properties: { b64_json: text, url: text, revised_prompt: text, seed: number } };

/** What is answered. Members that are not listed may come. */
const answers = {
  Images: {
    type: 'object',
    required: ['created', 'data'],
    properties: {
      created: number,
      data: { type: 'array', items: picture },
      model: text,
      size: text,
      quality: text,
      background: text,
      output_format: text,
      usage: { type: 'object' },
      cost: { type: ['array', 'null'], items: { type: 'object' } },
      applied: anything,
      warnings: anything,
      errors: anything,
    },
  },
  Task: {
    type: 'object',
    required: ['id', 'object', 'created', 'status'],
    properties: {
      id: text,
      object: { const: 'image.task' },
      created: number,
      status: { enum: ['queued', 'in_progress', 'completed', 'failed'] },
      data: { type: 'array', items: picture },
      error: { type: 'object' },
    },
  },
  Model: {
    type: 'object',
    required: ['id', 'object', 'created', 'owned_by'],
    properties: { id: text, object: { const: 'model' }, created: number, owned_by: text, row: { type: 'object' } },
  },
  Models: {
    type: 'object',
    required: ['object', 'data'],
    properties: { object: { const: 'list' }, data: { type: 'array', items: ref('Model') } },
  },
  Usage: {
    type: 'object',
    required: ['object', 'data'],
    properties: { object: { const: 'list' }, data: anything },
  },
  Error: {
    type: 'object',
    required: ['error'],
    properties: {
      error: {
        type: 'object',
        required: ['message', 'type', 'code', 'param'],
        properties: {
          message: text,
          type: text,
          code: text,
          param: { type: ['string', 'null'] },
          anyimage: { type: 'object' },
        },
      },
    },
  },
};
