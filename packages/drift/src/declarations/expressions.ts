// What a value in code allows: lists, objects, and the schemas that zod is told to make. Nothing is run.

import type { Argument, CallExpression, Expression, FunctionBody, PropertyKey, TSEnumMemberName } from 'oxc-parser';
import { anything, type Found, membersOf, nothing, together, valuesOf } from './found.ts';
import { find, type Term, valuesIn } from './scope.ts';
import { Unread } from './unread.ts';

type Describe = (term: Term) => Found;

/** Functions of libraries, such as `z.object`, that make what their first argument says. */
const makers: ReadonlySet<string> = new Set([
  ...'object looseObject strictObject array set union literal enum nativeEnum'.split(' '),
  ...'optional nullable nullish lazy freeze'.split(' '),
]);
/** Those whose values are not named. */
const unnamed: ReadonlySet<string> = new Set('string number boolean any unknown url'.split(' '));

/** What an expression stands for. Throws {@link Unread} for a form that is not understood. */
export function readExpression({ node, scope }: Term, describe: Describe): Found {
  const read = (inner: Term['node']) => describe({ node: inner, scope });
  switch (node.type) {
    case 'Literal':
      return node.value === null || node.value instanceof RegExp ? nothing : valuesOf(node.value);
    case 'TemplateLiteral':
      return node.expressions.length > 0 ? anything : valuesOf(node.quasis.map(({ value }) => value.cooked).join(''));
    case 'UnaryExpression': {
      const { values } = read(node.argument);
      if (node.operator === 'void') return nothing;
      return node.operator === '-' ? valuesOf(...values.map((value) => `-${value}`)) : anything;
    }
    case 'ArrayExpression':
      return together(node.elements.flatMap((element) => (element ? read(element) : [])));
    case 'ObjectExpression':
      return together(
        node.properties.map((property) => {
          if (property.type === 'SpreadElement') return read(property.argument);
          return property.computed
            ? nothing
            : membersOf([[nameOfKey(property.key), [{ node: property.value, scope }]]]);
        }),
      );
    case 'SpreadElement':
      return read(node.argument);
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
      return read(node.expression);
    case 'ConditionalExpression':
      return together([read(node.consequent), read(node.alternate)]);
    case 'Identifier': {
      const found = valuesIn(find(scope, node.name));
      if (found.length > 0) return together(found.map(describe));
      if (node.name === 'undefined') return nothing;
      throw new Unread(`${scope.file} has no ${node.name}`);
    }
    case 'MemberExpression': {
      if (node.computed || node.property.type !== 'Identifier') break;
      const whole = read(node.object);
      if (node.property.name === 'shape') return whole;
      const member = whole.members.get(node.property.name);
      if (!member) throw new Unread(`${scope.file} has no ${node.property.name} in an object that it uses`);
      return together(member.map(describe));
    }
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
    case 'FunctionDeclaration':
      return returned(node.body, (inner) => read(inner), scope.file);
    case 'NewExpression':
      return node.arguments[0] ? read(node.arguments[0]) : nothing;
    case 'CallExpression':
      return called(node, read, (found) => enumOf(found, describe), scope);
  }
  throw new Unread(`${scope.file} has a form that is not understood: ${node.type}`);
}

/** The values of an object that names them, or of a list. */
export function enumOf(found: Found, describe: Describe): Found {
  return found.members.size > 0 ? together([...found.members.values()].flat().map(describe)) : found;
}

function called(
  { callee, arguments: given }: CallExpression,
  read: (node: Expression | Argument) => Found,
  asEnum: (found: Found) => Found,
  scope: Term['scope'],
): Found {
  const [first] = given;
  if (callee.type === 'MemberExpression' && !callee.computed && callee.property.type === 'Identifier') {
    const { object, property } = callee;
    const isMaker = object.type === 'Identifier';
    if (isMaker && first && makers.has(property.name)) {
      return /^(?:nativeE|e)num$/.test(property.name) ? asEnum(read(first)) : read(first);
    }
    if (isMaker && unnamed.has(property.name)) return anything;
    const before = read(object);
    if (!first) return before;
    if (property.name === 'min' || property.name === 'max') {
      return { ...before, [property.name]: Number(read(first).values[0]) };
    }
    return property.name === 'extend' ? together([before, read(first)]) : before;
  }
  const isOurs = callee.type === 'Identifier' && find(scope, callee.name).length > 0;
  // What another package's function makes of its argument: `lazySchema(() => schema)`.
  return isOurs || !first ? read(callee) : read(first);
}

/** What a function gives back. */
function returned(body: FunctionBody | Expression | null, read: (node: Expression) => Found, file: string): Found {
  if (body && body.type !== 'BlockStatement') return read(body);
  const statements = body?.body ?? [];
  const last = statements.at(-1);
  if (last?.type === 'ReturnStatement' && last.argument) return read(last.argument);
  if (last?.type === 'ExpressionStatement') return read(last.expression);
  throw new Unread(`${file} has a function that gives back nothing`);
}

/** The name of an entry of an object, an interface or an enum. */
export function nameOfKey(key: PropertyKey | TSEnumMemberName): string {
  if (key.type === 'Identifier' || key.type === 'PrivateIdentifier') return key.name;
  if (key.type === 'Literal') return String(key.value);
  if (key.type === 'TemplateLiteral') return key.quasis.map(({ value }) => value.cooked).join('');
  throw new Unread(`a name is of a form that is not understood: ${key.type}`);
}
