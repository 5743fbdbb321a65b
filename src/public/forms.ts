import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Brand } from '../core/brand.ts'
import { readAnswers, type Typed } from '../core/form/answers.ts'
import { type Form, SECTIONS_MAX } from '../core/form/form.ts'
import type { VendorId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import type { Engine } from '../engine/engine.ts'
import { type FormPage, keepTyped, mayChange, openForm, submitForm } from '../engine/form-answers.ts'
import { logoPath } from '../outgoing.ts'
import { ASSETS, giveAsset } from './assets.ts'
import {
  answeredPage,
  busyPage,
  closedPage,
  openPage,
  type Seen,
  type Shown,
  sectionsOf,
  unknownPage,
} from './form-page.ts'
import { accentCss } from './page.ts'

/**
 * What a couple opens from a letter: no login, no script needed, one page of the vendor's. Looking changes nothing;
 * whoever has the link may write, and every write says how often answers had been sent when its page was made.
 */
export type PublicParts = {
  readonly engine: Engine
  /** Counts one request of an address or of a link, or refuses. */
  readonly count: (limit: 'page' | 'link' | 'miss', who: string) => Promise<unknown>
  readonly addressOf: (c: Context) => string
}

const BODY_BYTES_MAX = 200_000
const INPUTS_MAX = 1_000
/** What a page says of itself. A couple with a crooked link still gets their form: from the beginning. */
const stepSaid = (text: string | null | undefined): number => within(text, 1, SECTIONS_MAX)
const seenSaid = (text: string | null): number => within(text, 0, 1_000_000)
const within = (text: string | null | undefined, least: number, most: number): number => {
  const said = /^\d{1,7}$/.test(text ?? '') ? Number(text) : least
  return said >= least && said <= most ? said : least
}
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

export const PAGE_HEADERS = {
  'content-security-policy': POLICY,
  'cache-control': 'private, no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex, nofollow',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
} as const

type Status = 200 | 403 | 404 | 409 | 410 | 413 | 422 | 429 | 500
const give = (c: Context, page: string, status: Status = 200): Response => c.html(page, status, PAGE_HEADERS)

export function publicForms({ engine, count, addressOf }: PublicParts): Hono {
  const pages = new Hono()
  pages.get('/:file{(form|judge)\\.(css|js)}', (c) => {
    const asset = ASSETS[c.req.param('file')]
    return asset ? giveAsset(c, asset) : c.notFound()
  })
  pages.get('/:file{accent-[0-9a-f]{6}\\.css}', (c) =>
    c.body(accentCss(c.req.param('file').slice('accent-'.length, -'.css'.length)), 200, {
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    }),
  )
  pages.use(
    bodyLimit({
      maxSize: BODY_BYTES_MAX,
      onError: (c) => give(c, busyPage('That was more than fits into one form.'), 413),
    }),
  )

  const found = async (c: Context): Promise<FormPage | null> => {
    await count('page', addressOf(c))
    const page = await openForm(engine, c.req.param('token') ?? '')
    // Whoever tries links is slowed down long before one could be met by chance.
    if (!page) await count('miss', addressOf(c))
    return page
  }
  const written = async (c: Context) => {
    if (c.req.header('sec-fetch-site') === 'cross-site')
      throw new Refusal('cross_site', 'This did not come from the form itself.')
    const page = await found(c)
    if (page) await count('link', page.sending.sending_id)
    return page && { page, ...(await typedIn(c)) }
  }

  pages.get('/:token', async (c) => {
    const page = await found(c)
    if (!page) return give(c, unknownPage(), 404)
    const { address, seen } = lookedAt(page)
    if (page.is === 'over' || page.is === 'withdrawn') return give(c, closedPage(seen, page.is), 410)
    const changing = c.req.query('change') !== undefined && mayChange(page, engine.clock.now())
    if (page.is === 'answered' && !changing) return give(c, answered(page, c.req.query('sent') !== undefined))
    return give(
      c,
      openPage(seen, {
        address,
        step: stepSaid(c.req.query('step')),
        errors: {},
        saved: c.req.query('saved') !== undefined,
      }),
    )
  })

  const answered = (page: FormPage, justNow: boolean): string => {
    const { address, seen } = lookedAt(page)
    return answeredPage(seen, { address, justNow, change: mayChange(page, engine.clock.now()) })
  }

  /** The script's autosave: quick, and nothing to read. */
  pages.post('/:token/save', async (c) => {
    const given = await written(c)
    if (!given) return c.body(null, 404, PAGE_HEADERS)
    const { page, typed, seen } = given
    const kept = isWritable(page) && (await keepTyped(engine, page, merged(page, typed, given.step), seen))
    return c.body(null, kept ? 204 : 409, PAGE_HEADERS)
  })

  pages.post('/:token', async (c) => {
    const given = await written(c)
    if (!given) return give(c, unknownPage(), 404)
    const { page, step, seen } = given
    const { address } = lookedAt(page)
    if (!isWritable(page)) {
      const now = lookedAt(page).seen
      return page.is === 'answered'
        ? give(c, answered(page, false))
        : give(c, closedPage(now, page.is === 'withdrawn' ? 'withdrawn' : 'over'), 410)
    }
    const typed = merged(page, given.typed, step)
    const again = (errors: Shown['errors'], at: number): Response =>
      give(c, openPage({ ...lookedAt(page).seen, typed }, { address, step: at, errors }), 422)
    if (given.wants !== 'send') {
      const errors = given.wants === 'next' ? errorsIn(page.form, typed, step) : {}
      if (Object.keys(errors).length > 0) return again(errors, step)
      await keepTyped(engine, page, typed, seen)
      const to = step + (given.wants === 'next' ? 1 : given.wants === 'back' ? -1 : 0)
      const change = page.is === 'answered' ? '&change=1' : ''
      return c.redirect(`${address}?step=${to}${given.wants === 'save' ? '&saved=1' : ''}${change}`, 303)
    }
    const result = await submitForm(engine, page, typed, seen)
    switch (result.is) {
      case 'taken':
      case 'before':
        return c.redirect(`${address}?sent=1`, 303)
      case 'closed':
        return give(c, closedPage(lookedAt(page).seen, 'over'), 410)
      case 'refused':
        await keepTyped(engine, page, typed, seen)
        return again(result.read.errors, stepOf(page.form, typed, result.read.errors))
    }
  })

  const isWritable = (page: FormPage): boolean => page.is === 'open' || mayChange(page, engine.clock.now())

  pages.notFound((c) => give(c, unknownPage(), 404))
  pages.onError((error, c) => {
    if (error instanceof Refusal) {
      const status = error.code === 'too_many' ? 429 : error.code === 'cross_site' ? 403 : 409
      return give(c, busyPage(error.message), status)
    }
    engine.log.error('a public page failed', { error: error.stack ?? error.message })
    return give(c, busyPage('Something went wrong here, and we have been told. Please try again.'), 500)
  })
  return pages
}

function lookedAt(page: FormPage): { address: string; seen: Seen } {
  const { sending, view, people, vendor } = page
  return {
    address: `/f/${page.token}`,
    seen: {
      ...page,
      vendor: dressed(vendor),
      cover: {
        language: localeOf(view.client.language, view.vendor.region),
        day: view.anchors.wedding?.value ?? null,
        names: ['partner_a', 'partner_b'].flatMap((ref) => people.get(ref)?.firstName ?? []),
      },
      savedAt: sending.saved_at,
      submissions: sending.submissions,
    },
  }
}

/** How a vendor looks on a page: their colour, and their logo from where letters take it. */
export const dressed = (vendor: {
  readonly id: VendorId
  readonly name: string
  readonly type: string
  readonly brand: Brand
}): Seen['vendor'] => ({
  name: vendor.name,
  type: vendor.type,
  accent: vendor.brand.accent,
  logo: vendor.brand.logo && logoPath(vendor.id, vendor.brand.logo),
})

/** `en` and a vendor in Britain are `en-GB`; what names its region keeps it. */
export const localeOf = (language: string, region: string): string =>
  language.includes('-') || !/^[A-Z]{2}/.test(region) ? language : `${language}-${region.slice(0, 2)}`

/** What a browser sent: the inputs of questions, and what its button means. */
async function typedIn(c: Context): Promise<{
  readonly typed: Typed
  readonly seen: number
  readonly step: number
  readonly wants: 'send' | 'save' | 'next' | 'back'
}> {
  const given = new URLSearchParams(await c.req.text())
  const typed: { [input: string]: string[] } = {}
  let inputs = 0
  for (const [name, value] of given) {
    if (!name.startsWith('f.') || name.length > 120 || ++inputs > INPUTS_MAX) continue
    typed[name] = [...(typed[name] ?? []), value.replaceAll('\0', '')]
  }
  const wants = given.get('do')
  return {
    typed,
    seen: seenSaid(given.get('seen')),
    step: stepSaid(given.get('step')),
    wants: wants === 'save' || wants === 'next' || wants === 'back' ? wants : 'send',
  }
}

/** Walked in parts, each sends its own questions; what was said in the others is what was kept. */
function merged(page: FormPage, typed: Typed, step: number): Typed {
  if (page.form.layout !== 'steps') return typed
  const { answers } = readAnswers(page.form, page.typed, 'so_far')
  const here = sectionsOf(page.form, answers)[step - 1]
  const own = new Set(here?.fields.map((field) => field.id))
  const others = Object.entries(page.typed).filter(([input]) => !own.has(input.split('.')[1] ?? ''))
  const these = Object.entries(typed).filter(([input]) => own.has(input.split('.')[1] ?? ''))
  return Object.fromEntries([...others, ...these])
}

function errorsIn(form: Form, typed: Typed, step: number): Shown['errors'] {
  const { errors, answers } = readAnswers(form, typed)
  const own = new Set(sectionsOf(form, answers)[step - 1]?.fields.map((field) => field.id))
  return Object.fromEntries(Object.entries(errors).filter(([field]) => own.has(field)))
}

/** The part in which the first wrong answer stands. */
function stepOf(form: Form, typed: Typed, errors: Shown['errors']): number {
  const { answers } = readAnswers(form, typed, 'so_far')
  const at = sectionsOf(form, answers).findIndex((section) =>
    section.fields.some((field) => errors[field.id] !== undefined),
  )
  return at === -1 ? 1 : at + 1
}
