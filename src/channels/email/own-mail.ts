import { connect, type Socket } from 'node:net'
import { MAIL_PORTS, type OwnMail } from '../../core/channel-settings.ts'
import type { Instant } from '../../core/time/instant.ts'
import { Forbidden, judgedLookup, judgePlace, type OutwardPolicy } from '../webhook/outward.ts'
import { forbiddenInWords } from './mail-trouble.ts'
import { type SmtpChannel, smtp } from './smtp.ts'
import type { SmtpServer, SmtpTimeouts } from './smtp-line.ts'

/**
 * Mail servers of businesses, typed in by them: a line goes only where any outward call of theirs may go, always over
 * TLS, and is held by few at a time. A business that changed something gets a fresh channel; nobody else notices.
 */
export type OwnMailHouse = {
  /** Why no line may ever go there, as far as it can be told without looking the name up; null when one may. */
  forbidden(own: OwnMail): string | null
  /** As it is typed in, judged when a line is opened. */
  server(own: OwnMail, password: string): SmtpServer
  /** The channel of a business; `state` changes with its password. */
  channel(vendor: string, own: OwnMail, state: string, password: () => Promise<string>): Promise<SmtpChannel>
  close(): void
}

/** Less than for the house: a customer's account is shut out by its provider sooner. */
const LINES_MAX = 3
const CHANNELS_MAX = 200
const CONNECT_MS = 10_000

export function ownMailHouse(parts: {
  readonly policy: OutwardPolicy
  readonly now: () => Instant
  /** For tests on one machine. */
  readonly ca?: string
  readonly timeouts?: Partial<SmtpTimeouts>
}): OwnMailHouse {
  const kept = new Map<string, { readonly state: string; readonly channel: SmtpChannel }>()
  const policy: OutwardPolicy = { ...parts.policy, ports: MAIL_PORTS }

  const server = (own: OwnMail, password: string): SmtpServer => ({
    host: own.host,
    port: own.port,
    tls: own.tls,
    auth: { user: own.user, pass: password },
    linesMax: LINES_MAX,
    timeouts: { connectMs: CONNECT_MS, ...parts.timeouts },
    socket: () => outwardSocket(own, policy, parts.timeouts?.connectMs ?? CONNECT_MS),
    ...(parts.ca === undefined ? {} : { ca: parts.ca }),
  })

  return {
    forbidden(own) {
      try {
        judgePlace(own.host, own.port, policy)
        return null
      } catch (error) {
        if (error instanceof Forbidden) return forbiddenInWords(error.why)
        throw error
      }
    },
    server,
    async channel(vendor, own, state, password) {
      const name = JSON.stringify([state, own.host, own.port, own.tls, own.user])
      const found = kept.get(vendor)
      if (found?.state === name) return found.channel
      const made = smtp(server(own, await password()), { now: parts.now })
      kept.get(vendor)?.channel.close()
      kept.delete(vendor)
      kept.set(vendor, { state: name, channel: made })
      const [oldest] = kept
      if (kept.size > CHANNELS_MAX && oldest) {
        oldest[1].channel.close()
        kept.delete(oldest[0])
      }
      return made
    },
    close() {
      for (const { channel } of kept.values()) channel.close()
    },
  }
}

/** An error names itself by a code, as those of the system do. */
const coded = (error: Error, code: string, originalCode?: string): Error =>
  Object.assign(error, { code, ...(originalCode === undefined ? {} : { originalCode }) })

async function outwardSocket(own: OwnMail, policy: OutwardPolicy, withinMs: number): Promise<Socket> {
  try {
    judgePlace(own.host, own.port, policy)
    const lookup = judgedLookup(policy)
    const socket = connect({ host: own.host, port: own.port, lookup, autoSelectFamily: true })
    await new Promise<void>((resolve, reject) => {
      socket.setTimeout(withinMs, () => socket.destroy(coded(new Error('no answer'), 'ETIMEDOUT')))
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.setTimeout(0)
        resolve()
      })
    })
    return socket
  } catch (error) {
    throw error instanceof Forbidden ? coded(error, 'EFORBIDDEN', error.why) : error
  }
}
