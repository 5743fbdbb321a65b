import { type Context, Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Accounts } from '../../accounts/accounts.ts'
import {
  givesEtag,
  changes as isChange,
  isOfVendor,
  needsKey,
  type Operation,
} from '../../contract/operation.ts'
import { PERMISSIONS, type Permission } from '../../contract/permission.ts'
import type { VendorId } from '../../core/ids.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Engine } from '../../engine/engine.ts'
import { retrying } from '../../engine/retrying.ts'
import { insertAudit } from '../../store/changes.ts'
import { readBody, readQuery } from '../body.ts'
import { presentError } from '../problem.ts'
import { answeredBefore, type Kept, keep, requestKey } from './answered.ts'
import { type Caller, callerOf, standAt, unauthorised } from './caller.ts'
import { etagOf, isSeen, refuseUnlessSeen } from './etag.ts'
import { refuseForeignOrigin, refuseWithoutToken } from './guard.ts'
import { addressOf, type Limits, TooMany } from './limits.ts'
import { refuseKeyElsewhere } from './networks.ts'
import { remoteOf } from './remote.ts'
import type { Asked, Change, Personal, Route, Standing } from './route.ts'

/**
 * From operations to routes. In this order, each before the next: where a change comes from, who asks, how often,
 * for whom, whether they may, what was sent. Only then is anything done.
 */
export type Frame = {
  readonly engine: Engine
  readonly accounts: Accounts | null
  readonly limits: Limits
  /** The public address. */
  readonly url: string
  readonly signUpOpen: boolean
}

export function mount(frame: Frame, routes: readonly Route[]): Hono {
  const api = new Hono()
  for (const route of routes) {
    const path = route.op.path.replace(/\{(\w+)\}/g, ':$1')
    api.on(route.op.method.toUpperCase(), path, async (c) => {
      try {
        return await answer(frame, route, c)
      } catch (error) {
        if (error instanceof TooMany) tell(c, error.headers)
        if (route.is === 'read' && isWrongGuess(c, error)) return c.body(null, 204)
        return presentError(error, c, frame.engine.log)
      }
    })
  }
  return api
}

/**
 * The page asks for its first answers before it has heard who is here. Where it guessed wrong the answer is nothing,
 * so that leaving a business costs nobody an error in their browser's log.
 */
const isWrongGuess = (c: Context, error: unknown): boolean =>
  c.req.header('x-wedsync-guess') !== undefined && error instanceof Refusal && error.code === 'not_found'

const tell = (c: Context, headers: Record<string, string>): void => {
  for (const [name, value] of Object.entries(headers)) c.header(name, value)
}

async function answer(frame: Frame, route: Route, c: Context): Promise<Response> {
  const { op } = route
  const address = addressOf(remoteOf(c))
  if (isChange(op)) refuseForeignOrigin(c, frame.url)
  const headers = accountHeaders(c, address)
  const caller = await callerOf(frame.engine, frame.accounts, headers)
  if (caller.is === 'key') await refuseKeyElsewhere(frame.limits, caller.networks, c)
  tell(c, await counted(frame.limits, caller, op, address))
  if (caller.is === 'person') {
    for (const cookie of caller.visit.cookies) c.header('set-cookie', cookie, { append: true })
    if (isChange(op)) refuseWithoutToken(c, caller.visit.csrf)
  }
  // What a vendor's people see is nobody else's, and is not kept on the way.
  c.header('cache-control', 'private, no-store')
  if (route.is === 'personal') return personal(frame, route, c, caller, headers)
  const vendor = c.req.param('vendor') as VendorId
  if (!shapedUuid(vendor))
    throw new Refusal('not_found', 'There is no such business here, or you do not work for it.')
  const stand = await standAt(frame.engine, caller, vendor).catch(async (error: unknown) => {
    // Whoever tries ids is counted like a stranger, and uses up nobody else's requests.
    if (caller.is === 'person') await frame.limits.count('stranger', caller.visit.person.login)
    throw error
  })
  if (caller.is === 'person') tell(c, await frame.limits.count('people', vendor, op.weight))
  if (!stand.may(op.needs as Permission)) throw mayNot(op.needs as Permission, caller)
  const given = await askedOf(c, op)
  const asked = op.provesPerson ? await proven(frame, caller, headers, given) : given
  const session = caller.is === 'person' ? caller.visit.session : null
  const standing: Standing = {
    engine: frame.engine,
    vendor,
    session,
    now: frame.engine.clock.now(),
    ...stand,
  }
  return route.is === 'read'
    ? shown(c, op, await route.handle(standing, asked))
    : change(route, c, standing, asked)
}

/**
 * An open session is not always who opened it. The word is looked at here and goes no further: nothing that is kept of
 * a request is made from it.
 */
async function proven(
  frame: Frame,
  caller: Caller,
  headers: Headers,
  asked: Asked<Operation>,
): Promise<Asked<Operation>> {
  const { password, ...body } = asked.body as unknown as { readonly password?: string }
  if (caller.is === 'person') {
    const refused = (message: string): Refusal =>
      new Refusal('invalid', message, {}, [
        { code: 'password', severity: 'error', message, path: '/password' },
      ])
    if (password === undefined)
      throw refused('Give your password once more: an open session is not always who opened it.')
    await frame.limits.count('proof', caller.visit.person.login)
    if (!(await frame.accounts?.isPasswordOf(password, caller.visit, headers)))
      throw refused('This is not your password.')
  }
  return { ...asked, body: body as never }
}

const shapedUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)

/** What the accounts may see of a request: its cookie, and from where and with what it came. */
function accountHeaders(c: Context, address: string): Headers {
  const headers = new Headers({ 'x-wedsync-remote': address })
  for (const name of ['cookie', 'authorization', 'user-agent']) {
    const value = c.req.header(name)
    if (value !== undefined) headers.set(name, name === 'user-agent' ? value.slice(0, 200) : value)
  }
  return headers
}

async function counted(limits: Limits, caller: Caller, op: Operation, address: string) {
  if (caller.is === 'key') return limits.count('key', caller.vendor, op.weight)
  if (caller.is === 'nobody') return limits.count('stranger', address)
  return isOfVendor(op) ? {} : limits.count('person', caller.visit.person.login)
}

function mayNot(permission: Permission, caller: Caller): Refusal {
  const { says, roles } = PERMISSIONS[permission]
  return new Refusal(
    'forbidden',
    caller.is === 'key'
      ? `This key may not ${says}: it lacks the scope ${permission}.`
      : `Your role may not ${says}. ${roles.join(' or ')} may.`,
  )
}

async function askedOf(c: Context, op: Operation): Promise<Asked<Operation>> {
  const params = op.params.safeParse(c.req.param())
  if (!params.success) throw new Refusal('not_found', 'There is nothing with this id.')
  return {
    params: params.data,
    query: readQuery(c, op.query),
    body: (op.body ? await readBody(c, op.body) : null) as never,
  }
}

async function personal(
  frame: Frame,
  route: Extract<Route, { is: 'personal' }>,
  c: Context,
  caller: Caller,
  headers: Headers,
): Promise<Response> {
  const { op } = route
  if (frame.accounts === null) throw new Refusal('setup', 'Nobody can sign in here.')
  if (op.needs === 'person' && caller.is !== 'person') throw unauthorised()
  const at: Personal = {
    engine: frame.engine,
    accounts: frame.accounts,
    headers,
    who: caller.is === 'person' ? caller.visit : null,
    signUpOpen: frame.signUpOpen,
    setCookies: (cookies) => {
      for (const cookie of cookies) c.header('set-cookie', cookie, { append: true })
    },
    count: async (limit, who) => {
      await frame.limits.count(limit, who)
    },
  }
  return shown(c, op, await route.handle(at, await askedOf(c, op)))
}

/** Only what the contract says goes out: whatever else a handler had in hand stays. */
function shown(c: Context, op: Operation, found: unknown): Response {
  const body = op.answer.parse(found)
  const etag = givesEtag(op) ? etagOf(body) : null
  if (etag && isSeen(c.req.header('if-none-match'), etag)) return c.body(null, 304, { etag })
  return present(c, { status: op.status, etag, body })
}

function present(c: Context, { status, etag, body }: Kept): Response {
  if (etag) c.header('etag', etag)
  return status === 204 || body === null
    ? c.body(null, status as 204)
    : c.json(body, status as ContentfulStatusCode)
}

async function change(
  route: Extract<Route, { is: 'change' }>,
  c: Context,
  standing: Standing,
  asked: Asked<Operation>,
): Promise<Response> {
  const { op } = route
  const { engine, vendor, actor } = standing
  const header = c.req.header('idempotency-key')
  if (header === undefined && needsKey(op))
    throw new Refusal(
      'key_missing',
      'Send an Idempotency-Key, a new one for each change you mean: if the answer is lost, the same key again does not do it twice.',
    )
  const ifMatch = c.req.header('if-match')
  const key =
    header === undefined ? null : requestKey(header, actor, op, JSON.stringify({ ...asked, ifMatch }))
  const afterwards: (() => void | Promise<void>)[] = []
  const { kept, again } = await retrying(engine, () => {
    afterwards.length = 0
    return engine.db.tx(op.id, { vendors: [vendor] }, async (sql) => {
      const before = key && (await answeredBefore(engine, sql, vendor, op, key))
      if (before) return { kept: before, again: true }
      const entries: Parameters<typeof insertAudit>[1][number][] = []
      let isAudited = false
      const at = engine.clock.now()
      const one: Change = {
        ...standing,
        now: at,
        sql,
        requestKey: key?.key ?? engine.rng.uuid7(at),
        mustBeSeen: (current, shape = op.answer) => refuseUnlessSeen(ifMatch, shape.parse(current)),
        audit: (action, subject, detail = {}) =>
          entries.push({ vendor, id: engine.rng.uuid7(at), at, actor, action, subject, detail }),
        auditedWithin: () => {
          isAudited = true
        },
        after: (work) => afterwards.push(work),
      }
      const body = op.answer.parse(await route.handle(one, asked))
      if (entries.length === 0 && !isAudited) throw new Error(`${op.id} changed something and left no audit`)
      await insertAudit(sql, entries)
      const made: Kept = { status: op.status, etag: givesEtag(op) ? etagOf(body) : null, body }
      if (key) await keep(engine, sql, vendor, op, key, made)
      return { kept: made, again: false }
    })
  })
  for (const work of afterwards) await work()
  if (again) c.header('idempotent-replayed', 'true')
  return present(c, kept)
}
