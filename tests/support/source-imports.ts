/** What a source file imports and which globals it uses, read from its syntax: TypeScript, and Astro's script and frontmatter. */
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import ts from 'typescript';

export interface SourceImport {
  readonly specifier: string;
  /** Nothing of it is left when the program runs. */
  readonly isTypeOnly: boolean;
}

export interface SourceFacts {
  readonly imports: readonly SourceImport[];
  /** Calls and globals that `globalUses` looks for, as they are written. */
  readonly globals: readonly string[];
}

/** Reads one file. `.astro` files have several scripts; what they render is not looked at. */
export function readSourceFacts(file: string): SourceFacts {
  const text = readFileSync(file, 'utf8');
  const scripts = extname(file) === '.astro' ? listAstroScripts(text) : [text];
  const all = scripts.map((script) => readScript(file, script));
  return { imports: all.flatMap(({ imports }) => imports), globals: all.flatMap(({ globals }) => globals) };
}

function listAstroScripts(text: string): readonly string[] {
  const frontmatter = /^---\r?\n(.*?)^---/ms.exec(text)?.[1] ?? '';
  const scripts = [...text.matchAll(/<script[^>]*>(.*?)<\/script>/gs)].map(([, script = '']) => script);
  return [frontmatter, ...scripts];
}

function readScript(file: string, text: string): SourceFacts {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const imports: SourceImport[] = [];
  const globals: string[] = [];
  const visit = (node: ts.Node): void => {
    const found = toImport(node);
    if (found !== null) imports.push(found);
    const used = toGlobal(node);
    if (used !== null) globals.push(used);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { imports, globals };
}

function toImport(node: ts.Node): SourceImport | null {
  if (ts.isImportDeclaration(node)) return named(node.moduleSpecifier, node.importClause?.isTypeOnly === true);
  if (ts.isExportDeclaration(node)) return node.moduleSpecifier ? named(node.moduleSpecifier, node.isTypeOnly) : null;
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? named(node.argument.literal, true) : null;
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return named(node.arguments[0]);
  // A worker is named by its address: new URL('./worker.ts', import.meta.url).
  if (
    ts.isNewExpression(node) &&
    node.expression.getText() === 'URL' &&
    node.arguments?.[1]?.getText() === 'import.meta.url'
  ) {
    const address = node.arguments[0];
    return address && ts.isStringLiteral(address) && /\.[jt]s$/.test(address.text) ? named(address) : null;
  }
  return null;
}

function named(specifier: ts.Node | undefined, isTypeOnly = false): SourceImport {
  if (specifier && ts.isStringLiteralLike(specifier)) return { specifier: specifier.text, isTypeOnly };
  return { specifier: specifier?.getText() ?? '', isTypeOnly };
}

/** Whatever answers differently from one run, host or time zone to the next. */
const impureCalls =
  /^(Date\.now|Math\.random|performance\.now|(crypto\.)?(randomUUID|getRandomValues|randomBytes|randomInt)|fetch|setTimeout|setInterval)$/;
const impureMethods = /^(localeCompare|toLocaleString|toLocaleDateString|toLocaleTimeString|getTimezoneOffset)$/;
const impureNames = new Set(['process', 'Intl', 'document', 'window', 'navigator', 'localStorage']);

function toGlobal(node: ts.Node): string | null {
  if (ts.isCallExpression(node)) {
    const called = node.expression.getText();
    if (impureCalls.test(called) || called === 'Date') return `${called}()`;
    if (ts.isPropertyAccessExpression(node.expression) && impureMethods.test(node.expression.name.text)) {
      return `.${node.expression.name.text}()`;
    }
  }
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments?.length ?? 0) === 0) {
    return 'new Date()';
  }
  if (
    ts.isPropertyAccessExpression(node) &&
    ts.isIdentifier(node.expression) &&
    impureNames.has(node.expression.text)
  ) {
    return node.getText();
  }
  return null;
}
