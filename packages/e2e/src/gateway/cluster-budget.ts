// Many requests at once over several gateways against one budget: `pnpm --filter @anyimage/e2e cluster-budget` prints what became of them.

import { createHash, randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { emulator as openai } from '@anyimage/provider-openai/emulator';
import { type Cluster, startCluster } from './cluster.ts';

export interface BudgetRun {
  readonly asked: number;
  readonly made: number;
  /** For the budget. */
  readonly refused: number;
  readonly others: readonly string[];
  /** Pictures that the budget allows by the table. */
  readonly allowed: number;
  /** What the service took, and what is counted, in US dollars. */
  readonly spent: number;
  readonly counted: number;
  readonly budget: number;
}

export interface BudgetOptions {
  readonly requests: number;
  /** Pictures that may be made. */
  readonly allowed: number;
}

const words = { model: 'openai/gpt-image-2.5-flare', prompt: 'a boat', quality: 'low', size: '1024x1024' };

/** Asks all gateways with a key that may spend so much. */
export async function spendBudget(
  { gateways, look }: Pick<Cluster, 'gateways' | 'look'>,
  service: Awaited<ReturnType<typeof openai.start>>,
  { requests, allowed }: BudgetOptions,
): Promise<BudgetRun> {
  const others = service.spent;
  await (await gateways[0]!.generate(words)).arrayBuffer();
  const before = service.spent;
  const budget = allowed * (before - others);
  const [key, id] = [randomBytes(32).toString('base64url'), `k-${randomBytes(4).toString('hex')}`];
  const hash = createHash('sha256').update(`agw-${key}`).digest('hex');
  await look(({ keys }) => keys.add({ id, name: 'budget', createdAt: 0, perDay: budget }, hash));
  const answers = await Promise.all(
    Array.from({ length: requests }, async (_, index) => {
      const gateway = gateways[index % gateways.length]!;
      const answer = await gateway.generate(words, { authorization: `Bearer agw-${key}` });
      const told = (await answer.json()) as { data?: unknown[]; error?: { code: string; message: string } };
      if (answer.status === 200 && told.data?.length === 1) return 'made';
      return told.error?.code === 'budget_exceeded' ? 'refused' : `${answer.status}: ${told.error?.message}`;
    }),
  );
  const rows = await look(({ spending }) => spending.usage({ key: id }));
  return {
    asked: requests,
    made: answers.filter((one) => one === 'made').length,
    refused: answers.filter((one) => one === 'refused').length,
    others: answers.filter((one) => one !== 'made' && one !== 'refused'),
    allowed,
    spent: service.spent - before,
    counted: rows.reduce((sum, row) => sum + row.amount, 0) / 1e6,
    budget,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      gateways: { type: 'string', default: '4' },
      workers: { type: 'string', default: '3' },
      requests: { type: 'string', default: '800' },
      allowed: { type: 'string', default: '100' },
    },
  });
  const [gateways, workers, requests, allowed] = [values.gateways, values.workers, values.requests, values.allowed].map(
    Number,
  ) as [number, number, number, number];
  const service = await openai.start();
  const cluster = await startCluster({ gateways, workers, env: service.env, config: { limits: { concurrency: 64 } } });
  const run = await spendBudget(cluster, service, { requests, allowed });
  await cluster.close();
  await service.close();
  console.log(JSON.stringify(run, null, 2));
  process.exitCode = run.others.length === 0 && run.spent <= run.budget + 1e-9 ? 0 : 1;
}
