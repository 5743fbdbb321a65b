import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection'

/**
 * One line to a mail server: opened, used for a letter, kept a moment for the next one. It knows how far a letter
 * got, which the library's own error codes do not tell: after a lost connection they all say CONN.
 */
export type SmtpServer = {
  readonly host: string
  readonly port: number
  /** TLS from the first byte (465), by STARTTLS which must succeed (587), or none (a relay on this machine). */
  readonly tls: 'implicit' | 'starttls' | 'none'
  readonly auth?: { readonly user: string; readonly pass: string }
  /** How this sender introduces itself. */
  readonly name?: string
  readonly timeouts?: Partial<SmtpTimeouts>
  /** How many lines the server may be held on at a time. */
  readonly linesMax?: number
  /** Opens the socket instead of the library, where it must be judged whereto. */
  readonly socket?: () => Promise<Socket>
  /** Whom to trust besides those everybody trusts. */
  readonly ca?: string
}
export type SmtpTimeouts = {
  readonly connectMs: number
  /** From the open line until the server asks for the letter. */
  readonly envelopeMs: number
  /** After the final dot: short waits here manufacture unknowns (RFC 5321 4.5.3.2.6). */
  readonly finalDotMs: number
}
export const SMTP_TIMEOUTS: SmtpTimeouts = { connectMs: 10_000, envelopeMs: 60_000, finalDotMs: 600_000 }

/** How far a letter got. `handed_over`: all of it was written, the final dot may have arrived. */
export type Stage = 'connecting' | 'envelope' | 'handed_over'
export type SmtpTrouble = {
  readonly stage: Stage
  readonly cause: string
  /** What the system said, where the library only says that the socket failed. */
  readonly reason?: string
  readonly command?: string
  readonly code?: number
  readonly response?: string
}
export type Sent =
  | { readonly is: 'sent'; readonly response: string }
  | { readonly is: 'trouble'; readonly trouble: SmtpTrouble }
type LibraryError = Error & {
  code?: string | undefined
  originalCode?: string | undefined
  command?: string | undefined
  responseCode?: number | undefined
  response?: string | undefined
}

const troubleOf = (stage: Stage, error: LibraryError): SmtpTrouble => ({
  stage,
  cause: (error.code ?? 'error').toLowerCase(),
  ...(error.originalCode === undefined ? {} : { reason: error.originalCode.toLowerCase() }),
  ...(error.command === undefined ? {} : { command: error.command }),
  ...(error.responseCode === undefined ? {} : { code: error.responseCode }),
  ...(error.response === undefined ? {} : { response: error.response }),
})

export class SmtpLine {
  readonly #server: SmtpServer
  readonly #timeouts: SmtpTimeouts
  #connection: SMTPConnection | null = null
  #opened = false
  #broken = false

  constructor(server: SmtpServer) {
    this.#server = server
    this.#timeouts = { ...SMTP_TIMEOUTS, ...server.timeouts }
  }

  #connect(socket: Socket | null): SMTPConnection {
    const server = this.#server
    const options: SMTPConnectionOptions = {
      host: server.host,
      port: server.port,
      secure: server.tls === 'implicit',
      requireTLS: server.tls === 'starttls',
      ignoreTLS: server.tls === 'none',
      ...(server.name === undefined ? {} : { name: server.name }),
      connectionTimeout: this.#timeouts.connectMs,
      greetingTimeout: this.#timeouts.connectMs,
      dnsTimeout: this.#timeouts.connectMs,
      socketTimeout: this.#timeouts.finalDotMs,
      maxResponseSize: 64_000,
      tls: { minVersion: 'TLSv1.2', ...(server.ca === undefined ? {} : { ca: server.ca }) },
      ...(socket === null ? {} : { connection: socket }),
    }
    const connection = new SMTPConnection(options)
    this.#connection = connection
    // Errors come to whoever is waiting; between two letters they only mean that the line is gone.
    connection.on('error', () => this.close())
    connection.on('end', () => {
      this.#broken = true
    })
    return connection
  }

  /** Whether it stood before this letter came: the server may have hung up meanwhile. */
  get opened(): boolean {
    return this.#opened
  }
  get broken(): boolean {
    return this.#broken
  }

  async open(auth: SmtpServer['auth'], signal: AbortSignal): Promise<SmtpTrouble | null> {
    return this.#bounded<SmtpTrouble | null>(
      signal,
      this.#timeouts.connectMs * 2,
      (settle) => {
        const failed = (error: LibraryError): void => settle(troubleOf('connecting', error))
        const greet = (socket: Socket | null): void => {
          const connection = this.#connect(socket)
          connection.once('error', failed)
          const ready = (): void => {
            connection.off('error', failed)
            this.#opened = true
            settle(null)
          }
          connection.connect((error) => {
            if (error) return failed(error)
            if (!auth) return ready()
            connection.login({ user: auth.user, pass: auth.pass, credentials: auth }, (refused) =>
              refused ? failed(refused) : ready(),
            )
          })
        }
        if (!this.#server.socket) return greet(null)
        this.#server.socket().then(
          (socket) => (this.#broken ? socket.destroy() : greet(socket)),
          (error: LibraryError) => settle(troubleOf('connecting', error)),
        )
      },
      (cause) => ({ stage: 'connecting', cause }),
    )
  }

  async send(envelope: { from: string; to: string }, letter: Buffer, signal: AbortSignal): Promise<Sent> {
    let stage: Stage = 'envelope'
    const trouble = (cause: string): Sent => ({ is: 'trouble', trouble: { stage, cause } })
    return this.#bounded<Sent>(
      signal,
      this.#timeouts.envelopeMs,
      (settle, inTime) => {
        const body = Readable.from([letter])
        // Read to its end means that the library writes the final dot next: from here on nobody can be sure.
        body.once('end', () => {
          stage = 'handed_over'
          inTime()
        })
        if (this.#connection === null) throw new Error('a line is opened before it is used')
        this.#connection.send(
          { from: envelope.from, to: [envelope.to], size: letter.length },
          body,
          (error, info) => {
            settle(
              error
                ? { is: 'trouble', trouble: troubleOf(stage, error) }
                : { is: 'sent', response: info.response ?? '' },
            )
          },
        )
      },
      trouble,
    )
  }

  close(): void {
    this.#broken = true
    this.#connection?.close()
  }

  /**
   * Runs one exchange until it settles, its time is over or the signal aborts; in the last two cases the line is
   * closed. `inTime` calls the time limit off: what follows has a longer one of its own.
   */
  #bounded<Answer>(
    signal: AbortSignal,
    limitMs: number,
    exchange: (settle: (answer: Answer) => void, inTime: () => void) => void,
    cutShort: (cause: string) => Answer,
  ): Promise<Answer> {
    if (signal.aborted) {
      this.close()
      return Promise.resolve(cutShort('aborted'))
    }
    return new Promise((resolve) => {
      const stop = (cause: string): void => {
        const answer = cutShort(cause)
        this.close()
        settle(answer)
      }
      const aborted = (): void => stop('aborted')
      const timer = setTimeout(() => stop('timeout'), limitMs)
      const settle = (answer: Answer): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', aborted)
        resolve(answer)
      }
      signal.addEventListener('abort', aborted, { once: true })
      exchange(settle, () => clearTimeout(timer))
    })
  }
}
