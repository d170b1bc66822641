// What a type allows, read from what the parser makes of it. A value in code is read by expressions.ts.

import type { TSEnumDeclaration, TSMappedType, TSSignature, TSTypeParameterInstantiation } from 'oxc-parser';
import { enumOf, nameOfKey, readExpression } from './expressions.ts';
import { anything, type Found, membersOf, nothing, together, valuesOf } from './found.ts';
import {
  exported,
  find,
  namespacesOf,
  openPackage,
  pathOf,
  type Scope,
  type Term,
  typesOf,
  valuesIn,
  within,
} from './scope.ts';
import { Unread } from './unread.ts';

/** Types of libraries that mean what their first argument means. */
const wrappers: ReadonlySet<string> = new Set([
  ...'Array ReadonlyArray Set ReadonlySet Promise Readonly Partial Required NonNullable'.split(' '),
  ...'infer input output TypeOf InferSchema LazySchema FlexibleSchema'.split(' '),
  ...'ZodObject ZodOptional ZodNullable ZodDefault ZodArray ZodReadonly ZodType ZodUnion ZodLiteral'.split(' '),
]);
/** Those whose values are not named. */
const unnamed: ReadonlySet<string> = new Set('ZodString ZodNumber ZodBoolean ZodUnknown ZodAny Date Blob'.split(' '));

/**
 * Reads what a file of a package declares, by its path: `ImageModel`, `ImageEditParams.svg.model`. A list stands for its entries.
 * Throws {@link Unread} for what is not there or not understood.
 */
export function packageReader(folder: string): (file: string, path: string) => Found {
  const open = openPackage(folder);
  return (file, path) => {
    try {
      return readPath(open(file), path.split('.'));
    } catch (error) {
      if (error instanceof RangeError) throw new Unread(`${file} has ${path}, which is made of itself`);
      throw error;
    }
  };
}

function readPath(scope: Scope, names: readonly string[]): Found {
  const types = resolve(scope, names, typesOf, exported);
  const terms = types.length > 0 ? types : resolve(scope, names, valuesIn, exported);
  if (terms.length === 0) throw new Unread(`${scope.file} has no ${names[0]}`);
  return describeAll(terms);
}

/** What a dotted name stands for; nothing if its head is not known or of another package. A name can be both a type and a value. */
function resolve(scope: Scope, names: readonly string[], among: typeof typesOf, look = find): readonly Term[] {
  const [head = '', ...rest] = names;
  const spaces = rest.length > 0 ? namespacesOf(scope, head) : [];
  for (const space of spaces) {
    const found = resolve(space, rest, among, exported);
    if (found.length > 0) return found;
  }
  return rest.reduce<readonly Term[]>(
    (terms, name, at) => {
      if (terms.length === 0) return [];
      const member = describeAll(terms).members.get(name);
      if (!member) throw new Unread(`${scope.file} has no ${[head, ...rest.slice(0, at + 1)].join('.')}`);
      return member;
    },
    among(look(scope, head)),
  );
}

function describeAll(terms: readonly Term[]): Found {
  return together(terms.map((term) => describe(term)));
}

/** `given`: the arguments of a type with parameters. */
function describe({ node, scope }: Term, given: readonly Term[] = []): Found {
  const read = (inner: Term['node']) => describe({ node: inner, scope });
  switch (node.type) {
    case 'TSTypeAliasDeclaration':
      return describe({ node: node.typeAnnotation, scope: withArguments(scope, node.typeParameters?.params, given) });
    case 'TSInterfaceDeclaration': {
      const inner = withArguments(scope, node.typeParameters?.params, given);
      const bases = node.extends.map(({ expression, typeArguments }) => {
        if (expression.type !== 'Identifier') throw notUnderstood(scope, expression.type);
        return reference(scope, [expression.name], typeArguments);
      });
      return together([...bases, membersIn(node.body.body, inner)]);
    }
    case 'TSEnumDeclaration':
      return enumMembers(node, scope);
    case 'ClassDeclaration':
      return membersOf(
        node.body.body.flatMap((entry) => {
          if (entry.type !== 'PropertyDefinition' || entry.accessibility === 'private') return [];
          const type = entry.typeAnnotation?.typeAnnotation;
          return [[nameOfKey(entry.key), type ? [{ node: type, scope }] : []] as const];
        }),
      );
    case 'TSTypeLiteral':
      return membersIn(node.members, scope);
    case 'TSMappedType':
      return mapped(node, scope);
    case 'TSUnionType':
      return together(node.types.map(read));
    case 'TSIntersectionType':
      return intersection(node.types.map(read), scope);
    case 'TSConditionalType':
      return together([read(node.trueType), read(node.falseType)]);
    case 'TSLiteralType':
      return read(node.literal);
    case 'TSTypeReference':
      return reference(scope, pathOf(node.typeName), node.typeArguments);
    case 'TSImportType': {
      const names = node.qualifier ? pathOf(node.qualifier) : [];
      const file = scope.open(node.source.value);
      const inner = file && resolve(file, names, typesOf, exported);
      return inner?.length
        ? describeReferred(inner, scope, node.typeArguments)
        : foreign(scope, names, node.typeArguments);
    }
    case 'TSTypeQuery': {
      const names = node.exprName.type === 'TSImportType' ? [] : pathOf(node.exprName);
      const found = resolve(scope, names, valuesIn);
      if (found.length === 0) throw new Unread(`${scope.file} has no ${names.join('.') || 'value of an import'}`);
      return describeAll(found);
    }
    case 'TSIndexedAccessType': {
      const whole = read(node.objectType);
      if (node.indexType.type === 'TSNumberKeyword') return whole;
      const picked = read(node.indexType).values.map((name) => {
        const member = whole.members.get(name);
        if (!member) throw new Unread(`${scope.file} has no ${name} in what it indexes`);
        return describeAll(member);
      });
      return together(picked);
    }
    case 'TSTypeOperator':
      if (node.operator !== 'keyof') return read(node.typeAnnotation);
      return valuesOf(...read(node.typeAnnotation).members.keys());
    case 'TSTupleType':
      return together(node.elementTypes.map(read));
    case 'TSNamedTupleMember':
      return read(node.elementType);
    case 'TSArrayType':
      return read(node.elementType);
    case 'TSParenthesizedType':
    case 'TSOptionalType':
    case 'TSRestType':
      return read(node.typeAnnotation);
    case 'TSNullKeyword':
    case 'TSUndefinedKeyword':
    case 'TSVoidKeyword':
    case 'TSNeverKeyword':
      return nothing;
    case 'TSStringKeyword':
    case 'TSNumberKeyword':
    case 'TSBigIntKeyword':
    case 'TSBooleanKeyword':
    case 'TSAnyKeyword':
    case 'TSUnknownKeyword':
    case 'TSObjectKeyword':
    case 'TSTemplateLiteralType':
      return anything;
    case 'VariableDeclarator': {
      const { id, init } = node;
      const type = id.type === 'Identifier' ? id.typeAnnotation?.typeAnnotation : undefined;
      if (type) return read(type);
      return init ? read(init) : nothing;
    }
    default:
      return readExpression({ node, scope }, describe);
  }
}

function withArguments(
  scope: Scope,
  parameters: readonly { readonly name: { readonly name: string }; readonly default: Term['node'] | null }[] = [],
  given: readonly Term[],
): Scope {
  if (parameters.length === 0) return scope;
  const bound = parameters.map(({ name, default: usual }, at): [string, readonly Term[]] => {
    const argument = given[at] ?? (usual ? { node: usual, scope } : undefined);
    return [name.name, argument ? [argument] : []];
  });
  return within(scope, new Map(bound));
}

function reference(scope: Scope, names: readonly string[], types: TSTypeParameterInstantiation | null): Found {
  const found = resolve(scope, names, typesOf);
  return found.length > 0 ? describeReferred(found, scope, types) : foreign(scope, names, types);
}

function describeReferred(found: readonly Term[], scope: Scope, types: TSTypeParameterInstantiation | null): Found {
  const given = (types?.params ?? []).map((node) => ({ node, scope }));
  return together(found.map((term) => describe(term, given)));
}

/** A type of the language or of another package: known by its name alone. */
function foreign(scope: Scope, names: readonly string[], types: TSTypeParameterInstantiation | null): Found {
  const name = names.at(-1) ?? '';
  const [first, second] = (types?.params ?? []).map((node) => () => describe({ node, scope }));
  if (unnamed.has(name)) return anything;
  if (!first) throw new Unread(`${scope.file} takes ${names.join('.')} from another package, which is not read`);
  if (wrappers.has(name)) return first();
  const keys = new Set(second?.().values);
  const { members, ...rest } = name === 'Record' ? nothing : first();
  switch (name) {
    case 'ZodEnum':
    case 'ZodNativeEnum':
      return enumOf({ members, ...rest }, describe);
    case 'Omit':
      return { ...rest, members: new Map([...members].filter(([member]) => !keys.has(member))) };
    case 'Pick':
      return { ...rest, members: new Map([...members].filter(([member]) => keys.has(member))) };
    case 'Exclude':
      return { ...rest, members, values: rest.values.filter((value) => !keys.has(value)) };
    case 'Extract':
      return { ...rest, members, values: rest.values.filter((value) => keys.has(value)) };
    case 'Record': {
      const value = types?.params[1];
      return membersOf(first().values.map((member) => [member, value ? [{ node: value, scope }] : []]));
    }
    default:
      throw new Unread(`${scope.file} takes ${names.join('.')} from another package, which is not read`);
  }
}

/** `string & {}` is any text. Values of several parts would have to be compared, which no SDK needs. */
function intersection(parts: readonly Found[], scope: Scope): Found {
  if (parts.filter(({ values }) => values.length > 0).length > 1)
    throw notUnderstood(scope, 'an intersection of values');
  return together(parts);
}

function membersIn(signatures: readonly TSSignature[], scope: Scope): Found {
  return membersOf(
    signatures.flatMap((signature): (readonly [string, readonly Term[]])[] => {
      if (signature.type === 'TSMethodSignature') return [[nameOfKey(signature.key), []]];
      if (signature.type !== 'TSPropertySignature' || signature.computed) return [];
      const type = signature.typeAnnotation?.typeAnnotation;
      return [[nameOfKey(signature.key), type ? [{ node: type, scope }] : []]];
    }),
  );
}

function mapped({ constraint, typeAnnotation }: TSMappedType, scope: Scope): Found {
  const names = describe({ node: constraint, scope }).values;
  return membersOf(names.map((name) => [name, typeAnnotation ? [{ node: typeAnnotation, scope }] : []]));
}

function enumMembers({ body }: TSEnumDeclaration, scope: Scope): Found {
  const members = body.members.map(({ id, initializer }): [string, readonly Term[]] => [
    nameOfKey(id),
    initializer ? [{ node: initializer, scope }] : [],
  ]);
  return { ...membersOf(members), values: members.flatMap(([, terms]) => describeAll(terms).values) };
}

function notUnderstood({ file }: Scope, form: string): Unread {
  return new Unread(`${file} has a form that is not understood: ${form}`);
}
