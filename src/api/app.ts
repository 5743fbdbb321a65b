import { Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { secureHeaders } from 'hono/secure-headers'
import { Refusal } from '../core/refusal.ts'
import type { Engine } from '../engine/engine.ts'
import { BODY_BYTES_MAX } from './body.ts'
import { presentError } from './problem.ts'
import { events } from './routes/events.ts'
import { type HealthParts, health } from './routes/health.ts'
import { mailbox } from './routes/mailbox.ts'

/** The web server's front: health, metrics, the page that says what runs here, and the door for events. */
export function app(
  engine: Engine,
  parts: HealthParts & {
    readonly metrics: () => Promise<string>
    /** The built app; without it the mailbox is the start page. */
    readonly web?: MiddlewareHandler | null
  },
): Hono {
  const front = new Hono()
  if (parts.web) front.use(parts.web)
  front.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'"],
        frameSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'self'"],
      },
    }),
  )
  front.use(
    bodyLimit({
      maxSize: BODY_BYTES_MAX,
      onError: (c) =>
        presentError(
          new Refusal('too_large', `A request may have at most ${BODY_BYTES_MAX} bytes.`),
          c,
          engine.log,
        ),
    }),
  )
  front.route('/health', health(engine, parts))
  front.get('/metrics', async (c) =>
    c.text(await parts.metrics(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }),
  )
  front.route('/api/v1/events', events(engine))
  front.route('/', mailbox(engine, parts))
  front.get('/', (c) => c.redirect('/mailbox'))
  front.notFound((c) =>
    presentError(new Refusal('not_found', 'There is nothing at this address.'), c, engine.log),
  )
  front.onError((error, c) => presentError(error, c, engine.log))
  return front
}
