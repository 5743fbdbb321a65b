import type { z } from 'zod'
import { keyed, type Operation, type Shape } from './operation.ts'
import type { ProblemDocument } from './problem.ts'

/**
 * The typed client, made from the operations themselves: the web app and the tests speak through it. It sends what a
 * change needs (Idempotency-Key, If-Match, the token against forgery) and turns a refusal into a `Refused`.
 */
export type Transport = {
  readonly base: string
  readonly fetch: (request: Request) => Promise<Response>
  /** A new key for each change; the caller repeats a request under the key it had. */
  readonly newKey: () => string
  readonly headers?: () => { readonly [name: string]: string }
  /** When a page has drawn what was asked first: then it is checked as everything else is at once. */
  readonly whenDrawn?: (work: () => void) => void
}

export class Refused extends Error {
  override readonly name = 'Refused'
  readonly problem: ProblemDocument
  readonly response: Response
  constructor(problem: ProblemDocument, response: Response) {
    super(problem.detail)
    this.problem = problem
    this.response = response
  }
}

type Filled<S extends Shape, Name extends string> = keyof S['shape'] extends never
  ? unknown
  : { readonly [N in Name]: z.input<S> }
export type Input<O extends Operation> = Filled<O['params'], 'params'> &
  ([O['body']] extends [null] ? unknown : Filled<NonNullable<O['body']>, 'body'>) &
  (keyof O['query']['shape'] extends never ? unknown : { readonly query?: z.input<O['query']> }) & {
    readonly ifMatch?: string
    readonly key?: string
  }
export type Answered<O extends Operation> = {
  readonly data: z.output<O['answer']>
  readonly etag: string | null
  readonly response: Response
}
export type Api = <O extends Operation>(one: O, input: Input<O>) => Promise<Answered<O>>

type Loose = {
  readonly params?: Record<string, string>
  readonly query?: Record<string, unknown>
  readonly body?: unknown
  readonly ifMatch?: string
  readonly key?: string
}

/**
 * A small change arrives although the page that asked for it is left meanwhile; a browser carries 64 KiB of all of
 * them together, and refuses what is more.
 */
const KEPT_ALIVE_MAX_CHARS = 4_096

export function connect(transport: Transport): Api {
  return async <O extends Operation>(one: O, given: Input<O>): Promise<Answered<O>> => {
    const request = requestFor(one, given as Loose, transport)
    const response = await transport.fetch(request)
    const text = await response.text()
    const body: unknown = text === '' ? null : JSON.parse(text)
    if (!response.ok) throw new Refused(body as ProblemDocument, response)
    return { data: checked(one, body, transport), etag: response.headers.get('etag'), response }
  }
}

function checked<O extends Operation>(
  one: O,
  body: unknown,
  { whenDrawn }: Transport,
): z.output<O['answer']> {
  if (!one.drawnFirst || !whenDrawn) return one.answer.parse(body) as z.output<O['answer']>
  whenDrawn(() => one.answer.parse(body))
  return body as z.output<O['answer']>
}

export function requestFor(one: Operation, given: Loose, transport: Omit<Transport, 'fetch'>): Request {
  const path = one.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(given.params?.[name] ?? ''),
  )
  const url = new URL(`${transport.base}/api/v1${path}`)
  for (const [name, value] of Object.entries(given.query ?? {}))
    if (value !== undefined) url.searchParams.set(name, String(value))
  const headers = new Headers(transport.headers?.() ?? {})
  const body = given.body === undefined ? null : JSON.stringify(given.body)
  if (body !== null) headers.set('content-type', 'application/json')
  if (keyed(one)) headers.set('idempotency-key', given.key ?? transport.newKey())
  if (given.ifMatch !== undefined) headers.set('if-match', given.ifMatch)
  return new Request(url, {
    method: one.method.toUpperCase(),
    headers,
    body,
    keepalive: keyed(one) && (body?.length ?? 0) <= KEPT_ALIVE_MAX_CHARS,
  })
}
