import type { Answered } from '../sms/twilio.ts'
import { SmtpLine, type SmtpServer } from './smtp-line.ts'

const ASKED_WITHIN_MS = 15_000

/** Opens a line to the mail server and says who we are, without a letter. */
export async function askMail(server: SmtpServer | null): Promise<Answered> {
  if (server === null) return { ok: false, says: 'There is no mail server here yet.' }
  const line = new SmtpLine(server)
  try {
    const trouble = await line.open(server.auth, AbortSignal.timeout(ASKED_WITHIN_MS))
    if (trouble === null) return { ok: true, says: `${server.host} lets us in.` }
    const why = trouble.reason ?? trouble.response?.split('\n')[0] ?? trouble.cause
    return {
      ok: false,
      says:
        trouble.cause === 'eauth'
          ? `${server.host} does not accept the user and password: ${why}`
          : `${server.host} cannot be reached: ${why}`,
    }
  } finally {
    line.close()
  }
}
