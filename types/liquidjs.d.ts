/**
 * The part of liquidjs that `src/core/merge.ts` uses, for the browser's type check only (tsconfig.browser.json).
 * The library's own declarations pull in the types of Node, and with them `process` and its like would compile
 * in `core`. The ordinary check uses the real declarations, so that the two cannot drift apart unseen.
 */
export enum TokenKind {
  HTML = 16,
  Quoted = 1024,
}

export class Token {
  kind: TokenKind
  input: string
  begin: number
  end: number
  getText(): string
  getPosition(): number[]
}

type Identifier = Token & { content: string }
type FilterArgument = Token | [string | undefined, Token | undefined]

export class Value {
  readonly filters: { readonly name: string; readonly args: FilterArgument[] }[]
  readonly initial: { readonly postfix: Token[] }
}

export type Arguments = Iterable<Value | Token>

export interface Template {
  token: Token
  children?(partials: boolean, sync: boolean): Generator<unknown, Template[]>
  arguments?(): Arguments
  blockScope?(): Iterable<string>
  localScope?(): Iterable<Identifier>
}

export class IfTag implements Template {
  token: Token
  branches: { value: Value; templates: Template[] }[]
  elseTemplates: Template[] | undefined
}

export abstract class LiquidError extends Error {
  token: Token
  originalError?: Error
  static is(error: unknown): error is LiquidError
}
export class RenderError extends LiquidError {}
export class UndefinedVariableError extends LiquidError {}

export interface LiquidOptions {
  ownPropertyOnly?: boolean
  strictFilters?: boolean
  strictVariables?: boolean
  lenientIf?: boolean
  catchAllErrors?: boolean
  templates?: { [name: string]: string }
  dynamicPartials?: boolean
  relativeReference?: boolean
  parseLimit?: number
  renderLimit?: number
  memoryLimit?: number
  outputEscape?: (value: unknown) => string
}

export class Liquid {
  readonly filters: Record<string, unknown>
  readonly tags: Record<string, unknown>
  constructor(options?: LiquidOptions)
  parse(template: string): Template[]
  renderSync(templates: Template[], scope?: object, options?: { readonly renderLimit?: number }): unknown
  unregisterFilter(name: string): void
}
