// The help of all commands. It loads no table.

import type { Command } from 'commander';
import { helpText } from '../print/help-text.ts';
import { operationText } from '../print/operation-text.ts';

/** Written in by build.mjs, as JSON. */
declare const SHIPPED_OPERATIONS: string | undefined;

/** Adds the operations, examples, and where settings come from. */
export function addHelpOfAll(program: Command): void {
  nameOperations(program);
  program.addHelpText('after', helpText());
}

/**
 * Adds the names of the operations of the tables that come with anyimage to what
 * the help lists. They are commands only once `addOperations` added them.
 */
export function nameOperations(program: Command): void {
  const operations: readonly { readonly name: string; readonly command: string }[] =
    typeof SHIPPED_OPERATIONS === 'undefined' ? [] : JSON.parse(SHIPPED_OPERATIONS);
  const taken = program.commands.map((command) => command.name());
  for (const { name, command } of operations) {
    if (!taken.includes(command)) program.command(`${command} <picture> [prompt...]`).description(operationText(name));
  }
}
