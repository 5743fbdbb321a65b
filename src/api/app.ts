import { Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { secureHeaders } from 'hono/secure-headers'
import type { Accounts } from '../accounts/accounts.ts'
import { openApi } from '../contract/openapi.ts'
import { documented } from '../contract/operations.ts'
import { Refusal } from '../core/refusal.ts'
import type { Engine } from '../engine/engine.ts'
import { type NameIndex, nameIndex } from '../engine/name-index.ts'
import { MAIL_BYTES_TAKEN_MAX } from '../mail-in.ts'
import { publicForms } from '../public/forms.ts'
import { BODY_BYTES_MAX, IMPORT_BYTES_MAX, JOURNEY_BYTES_MAX } from './body.ts'
import { type ChannelHouse, quietHouse } from './channel-house.ts'
import { formPreview } from './form-preview.ts'
import { addressOf, inMemoryLimits, type Limits } from './frame/limits.ts'
import { mount } from './frame/mount.ts'
import { remoteOf, throughProxies } from './frame/remote.ts'
import type { Route } from './frame/route.ts'
import { presentError } from './problem.ts'
import { incomingCalls } from './public/incoming.ts'
import { mailIn } from './public/mail-in.ts'
import { pictures } from './public/pictures.ts'
import { preferences } from './public/preferences.ts'
import { twilioHooks } from './public/twilio-hooks.ts'
import { reference } from './reference/route.ts'
import { accountRoutes } from './routes/accounts.ts'
import { answerRoutes } from './routes/answers.ts'
import { auditRoutes } from './routes/audit.ts'
import { brandRoutes } from './routes/brand.ts'
import { channelRoutes } from './routes/channels.ts'
import { clientRoutes } from './routes/clients.ts'
import { eventRoutes, events } from './routes/events.ts'
import { flowRoutes } from './routes/flow.ts'
import { foresightRoutes } from './routes/foresight.ts'
import { formRoutes } from './routes/forms.ts'
import { type HealthParts, health } from './routes/health.ts'
import { importRoutes } from './routes/import.ts'
import { incomingRoutes } from './routes/incoming.ts'
import { jobRoutes } from './routes/jobs.ts'
import { journeyRoutes } from './routes/journeys.ts'
import { keyRoutes } from './routes/keys.ts'
import { liveRoutes } from './routes/live.ts'
import { mailbox } from './routes/mailbox.ts'
import { memberRoutes } from './routes/members.ts'
import { messageRoutes } from './routes/messages.ts'
import { numberRoutes } from './routes/numbers.ts'
import { phone } from './routes/phone.ts'
import { promiseRoutes } from './routes/promises.ts'
import { publicationRoutes } from './routes/publications.ts'
import { pulseRoutes } from './routes/pulse.ts'
import { runRoutes } from './routes/runs.ts'
import { sampleRoutes } from './routes/sample.ts'
import { sendingRoutes } from './routes/sending.ts'
import { simulationRoutes } from './routes/simulations.ts'
import { suppressionRoutes } from './routes/suppressions.ts'
import { templateRoutes } from './routes/templates.ts'
import { vendorRoutes } from './routes/vendors.ts'
import { viewRoutes } from './routes/views.ts'
import { weddingRoutes } from './routes/weddings.ts'
import { workRoutes } from './routes/work.ts'

/** The web server's front: health, metrics, the page that says what runs here, and the API. */
export type AppParts = HealthParts & {
  readonly metrics: () => Promise<string>
  /** What all workers known here get done in a second, measured; null while nobody knows. */
  readonly perSecond?: () => number | null
  /** Null where only programs with keys speak. */
  readonly accounts?: Accounts | null
  readonly limits?: Limits
  /** The public address. */
  readonly url?: string
  readonly signUpOpen?: boolean
  /** How many proxies of the house stand before it. */
  readonly proxies?: number
  /** What this house has for sending; without it nothing leaves. */
  readonly channels?: ChannelHouse
  /** The built app; without it the mailbox is the start page. */
  readonly web?: MiddlewareHandler | null
}

/** A book of couples, or a list of ten thousand of them, is larger than anything else that is sent. */
const TABLES = /^\/api\/v1\/vendors\/[^/]+\/(clients\/(import|tags)|runs\/(commands|count))(\/|$)/
/** A mail with the photos somebody added. */
const MAILS = /^(\/api\/v1)?\/in\/mail$/
/** Then a journey of 500 steps with their texts. */
const JOURNEYS = /^\/api\/v1\/vendors\/[^/]+\/journeys(\/|$)/

/** Everything that can be asked, with what is done for it. */
export const routesOf = (
  accounts: Accounts | null,
  url: string,
  channels: ChannelHouse = quietHouse(url),
  names: NameIndex = nameIndex(),
): readonly Route[] => [
  ...accountRoutes,
  ...sampleRoutes(),
  ...vendorRoutes,
  ...sendingRoutes(channels),
  ...brandRoutes,
  ...channelRoutes(channels),
  ...suppressionRoutes,
  ...memberRoutes(accounts, url),
  ...keyRoutes,
  ...incomingRoutes,
  ...clientRoutes(names),
  ...importRoutes,
  ...journeyRoutes,
  ...publicationRoutes,
  ...foresightRoutes,
  ...flowRoutes,
  ...numberRoutes,
  ...pulseRoutes,
  ...simulationRoutes,
  ...viewRoutes,
  ...templateRoutes,
  ...runRoutes,
  ...promiseRoutes,
  ...jobRoutes,
  ...weddingRoutes,
  ...workRoutes,
  ...formRoutes,
  ...answerRoutes,
  ...messageRoutes(names),
  ...eventRoutes,
  ...auditRoutes,
  ...liveRoutes,
]

export function app(engine: Engine, parts: AppParts): Hono {
  const { accounts = null, url = 'http://localhost', limits = inMemoryLimits(), signUpOpen = false } = parts
  const channels = parts.channels ?? quietHouse(url)
  const front = new Hono()
  front.use(throughProxies(parts.proxies ?? 0))
  // Couples' pages bring a policy of their own.
  formPreview(front, engine, accounts)
  front.route('/f', publicForms({ engine, count: limits.count, addressOf: (c) => addressOf(remoteOf(c)) }))
  if (parts.web) front.use(parts.web)
  front.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'"],
        frameSrc: ["'self'"],
        fontSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'self'"],
      },
      // A page that says its own rules keeps them.
      overwrite: false,
    }),
  )
  const refuseLarger = (maxSize: number) =>
    bodyLimit({
      maxSize,
      onError: (c) =>
        presentError(new Refusal('too_large', `A request may have at most ${maxSize} bytes.`), c, engine.log),
    })
  const [usual, ofJourneys] = [refuseLarger(BODY_BYTES_MAX), refuseLarger(JOURNEY_BYTES_MAX)]
  const ofTables = refuseLarger(IMPORT_BYTES_MAX)
  const ofMails = refuseLarger(MAIL_BYTES_TAKEN_MAX)
  front.use((c, next) => {
    if (MAILS.test(c.req.path)) return ofMails(c, next)
    if (TABLES.test(c.req.path)) return ofTables(c, next)
    return JOURNEYS.test(c.req.path) ? ofJourneys(c, next) : usual(c, next)
  })
  front.route('/health', health(engine, parts))
  front.get('/metrics', async (c) =>
    c.text(await parts.metrics(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }),
  )
  front.route('/api/v1/events', events(engine, limits, parts.perSecond))
  const mail = mailIn(engine, { secret: channels.returnSecret, mailFrom: channels.mailFrom }, limits)
  for (const path of ['/in/mail', '/api/v1/in/mail']) front.route(path, mail)
  front.route(
    '/api/v1',
    mount({ engine, accounts, limits, url, signUpOpen }, routesOf(accounts, url, channels)),
  )
  const document = openApi(documented, parts.version)
  front.get('/api/v1/openapi.json', (c) => c.json(document))
  front.get('/openapi.json', (c) => c.json(document))
  front.route('/', reference(document, documented, url, limits.settings))
  front.route('/', preferences(engine, channels.linkSecret, limits))
  front.route('/', twilioHooks(engine, url, limits))
  front.route('/', incomingCalls(engine, limits))
  front.route('/', pictures(engine))
  front.route('/', phone(engine, url))
  front.route('/', mailbox(engine, parts, accounts))
  front.get('/', (c) => c.redirect('/mailbox'))
  front.notFound((c) =>
    presentError(new Refusal('not_found', 'There is nothing at this address.'), c, engine.log),
  )
  front.onError((error, c) => presentError(error, c, engine.log))
  return front
}
