// Which names a file declares, and where a name leads: through imports, exports and namespaces. Files are parsed and never run.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import {
  type Argument,
  type BindingIdentifier,
  type Class,
  type Expression,
  type Function as FunctionNode,
  type ModuleExportName,
  parseSync,
  type Statement,
  type TSEnumDeclaration,
  type TSGlobalDeclaration,
  type TSImportTypeQualifier,
  type TSInterfaceDeclaration,
  type TSModuleDeclaration,
  type TSTupleElement,
  type TSType,
  type TSTypeAliasDeclaration,
  type TSTypeName,
  type VariableDeclarator,
} from 'oxc-parser';
import { Unread } from './unread.ts';

/** Something that can be read, and the place whose names it uses. */
export interface Term {
  readonly node:
    | TSType
    | TSTupleElement
    | Expression
    | Argument
    | TSTypeAliasDeclaration
    | TSInterfaceDeclaration
    | TSEnumDeclaration
    | Class
    | FunctionNode
    | VariableDeclarator;
  readonly scope: Scope;
}

/** Names that are known in a place. */
export interface Scope {
  /** The file, from the folder of the package. */
  readonly file: string;
  readonly declared: ReadonlyMap<string, readonly Term[]>;
  readonly namespaces: ReadonlyMap<string, readonly Scope[]>;
  readonly imported: ReadonlyMap<string, Origin>;
  /** What has another name outside of the file. */
  readonly renamed: ReadonlyMap<string, Origin>;
  /** Files all of whose names are exported, too. */
  readonly passedOn: readonly string[];
  /** Opens a file that is imported here; undefined for one of another package. */
  readonly open: (from: string) => Scope | undefined;
  readonly parent?: Scope;
}

/** The name of something in another file, or in this one where there is no `from`. `*` is all of the file. */
interface Origin {
  readonly from?: string;
  readonly name: string;
}

/** Opens files of a package by their path in it. Throws {@link Unread} for one that is not there or cannot be parsed. */
export function openPackage(folder: string): (file: string) => Scope {
  const scopes = new Map<string, Scope>();
  const openFile = (file: string): Scope => {
    const known = scopes.get(file);
    if (known) return known;
    const path = join(folder, file);
    if (!existsSync(path)) throw new Unread(`there is no ${file}`);
    const { program, errors } = parseSync(path, readFileSync(path, 'utf8'));
    if (errors[0]) throw new Unread(`${file} cannot be parsed: ${errors[0].message}`);
    const scope = scopeOf(program.body, {
      file,
      open: (from) => {
        const found = from.startsWith('.') ? fileOf(folder, join(dirname(path), from)) : undefined;
        return found === undefined ? undefined : openFile(found);
      },
    });
    scopes.set(file, scope);
    return scope;
  };
  return openFile;
}

/** Declarations stand beside the code that an import names: `./x.js` is `./x.d.ts`. */
function fileOf(folder: string, path: string): string | undefined {
  const bare = path.replace(/\.[cm]?[jt]s$/, '');
  const mts = path.endsWith('.mjs') ? [`${bare}.d.mts`] : [];
  const paths = [...mts, `${bare}.d.ts`, `${bare}.ts`, path, join(bare, 'index.d.ts'), join(bare, 'index.ts')];
  const found = paths.find((each) => /\.[cm]?[jt]s$/.test(each) && existsSync(each));
  return found && relative(folder, found);
}

/** A scope within another, with names of its own. */
export function within(parent: Scope, declared: ReadonlyMap<string, readonly Term[]>): Scope {
  const { file, open } = parent;
  return { file, open, parent, declared, namespaces: new Map(), imported: new Map(), renamed: new Map(), passedOn: [] };
}

function scopeOf(statements: readonly Statement[], place: Pick<Scope, 'file' | 'open' | 'parent'>): Scope {
  const declared = new Map<string, Term[]>();
  const namespaces = new Map<string, Scope[]>();
  const imported = new Map<string, Origin>();
  const renamed = new Map<string, Origin>();
  const passedOn: string[] = [];
  const scope: Scope = { ...place, declared, namespaces, imported, renamed, passedOn };
  const declare = (name: string, node: Term['node']) => append(declared, name, { node, scope });
  const read = (statement: Statement): void => {
    switch (statement.type) {
      case 'ExportNamedDeclaration': {
        if (statement.declaration) read(statement.declaration);
        const from = statement.source?.value;
        for (const { local, exported } of statement.specifiers) {
          renamed.set(nameOf(exported), { name: nameOf(local), ...(from !== undefined && { from }) });
        }
        return;
      }
      case 'ExportAllDeclaration':
        if (statement.exported) renamed.set(nameOf(statement.exported), { from: statement.source.value, name: '*' });
        else passedOn.push(statement.source.value);
        return;
      case 'ImportDeclaration':
        for (const specifier of statement.specifiers) {
          const name =
            specifier.type === 'ImportSpecifier'
              ? nameOf(specifier.imported)
              : specifier.type === 'ImportDefaultSpecifier'
                ? 'default'
                : '*';
          imported.set(specifier.local.name, { from: statement.source.value, name });
        }
        return;
      case 'TSModuleDeclaration':
        readNamespace(statement, scope, namespaces);
        return;
      case 'TSTypeAliasDeclaration':
      case 'TSInterfaceDeclaration':
      case 'TSEnumDeclaration':
        declare(statement.id.name, statement);
        return;
      case 'ClassDeclaration':
      case 'FunctionDeclaration':
      case 'TSDeclareFunction':
        if (statement.id) declare(statement.id.name, statement);
        return;
      case 'VariableDeclaration':
        for (const declarator of statement.declarations) {
          if (declarator.id.type === 'Identifier') declare(declarator.id.name, declarator);
        }
    }
  };
  statements.forEach(read);
  return scope;
}

/** `namespace A.B` is a namespace in another. */
function readNamespace(
  { id, body }: TSModuleDeclaration | TSGlobalDeclaration,
  scope: Scope,
  namespaces: Map<string, Scope[]>,
): void {
  const path = id.type === 'Literal' ? [id.value] : pathOf(id);
  const place = { file: scope.file, open: scope.open, parent: scope };
  const [first = '', ...inner] = path;
  const innermost = scopeOf(body?.body ?? [], place);
  const outermost = inner.reduceRight<Scope>(
    (held, name) => ({ ...scopeOf([], place), namespaces: new Map([[name, [held]]]) }),
    innermost,
  );
  append(namespaces, first, outermost);
}

function append<T>(lists: Map<string, T[]>, name: string, entry: T): void {
  const list = lists.get(name);
  if (list) list.push(entry);
  else lists.set(name, [entry]);
}

/** `A.B.C` as its names. */
export function pathOf(name: TSTypeName | TSImportTypeQualifier | BindingIdentifier): string[] {
  if (name.type === 'TSQualifiedName') return [...pathOf(name.left), name.right.name];
  return [name.type === 'Identifier' ? name.name : 'this'];
}

function nameOf(name: ModuleExportName): string {
  return name.type === 'Literal' ? name.value : name.name;
}

/** What a name stands for in a place; nothing where it is not known, or of another package. */
export function find(scope: Scope | undefined, name: string): readonly Term[] {
  if (!scope) return [];
  const declared = scope.declared.get(name);
  if (declared) return declared;
  const origin = scope.imported.get(name);
  if (!origin) return find(scope.parent, name);
  return origin.from === undefined ? [] : exported(scope.open(origin.from), origin.name);
}

/** What a file or a namespace gives under a name. */
export function exported(scope: Scope | undefined, name: string): readonly Term[] {
  if (!scope) return [];
  const declared = scope.declared.get(name);
  if (declared) return declared;
  const origin = scope.renamed.get(name);
  if (origin)
    return origin.from === undefined ? find(scope, origin.name) : exported(scope.open(origin.from), origin.name);
  for (const from of scope.passedOn) {
    const found = exported(scope.open(from), name);
    if (found.length > 0) return found;
  }
  return [];
}

/** The namespaces of that name: declared ones, and files that are imported as a whole. */
export function namespacesOf(scope: Scope | undefined, name: string): readonly Scope[] {
  if (!scope) return [];
  const origin = scope.imported.get(name);
  const file = origin?.name === '*' && origin.from !== undefined ? scope.open(origin.from) : undefined;
  const found = [...(scope.namespaces.get(name) ?? []), ...(file ? [file] : [])];
  return found.length > 0 ? found : namespacesOf(scope.parent, name);
}

/** Those that are types; a name can be both a type and a value. */
export function typesOf(terms: readonly Term[]): readonly Term[] {
  return terms.filter(({ node }) => node.type !== 'VariableDeclarator' && !node.type.endsWith('Function'));
}

/** Those that are values. */
export function valuesIn(terms: readonly Term[]): readonly Term[] {
  return terms.filter(({ node }) => node.type !== 'TSTypeAliasDeclaration' && node.type !== 'TSInterfaceDeclaration');
}
