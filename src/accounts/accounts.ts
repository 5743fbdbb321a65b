import { createHash, createHmac, randomBytes } from 'node:crypto'
import { APIError } from 'better-auth/api'
import { Refusal } from '../core/refusal.ts'
import type { Log } from '../ports.ts'
import { makeAuth } from './better-auth.ts'
import { type Carrier, type Letter, type Letters, makeLetters } from './letters.ts'
import { type AccountsPool, openAccountsPool } from './pool.ts'
import { openingLetter, passwordChangedLetter, resetLetter } from './words.ts'

/** Who may sign in. For whom they work is not known here: that is each vendor's own row (adr/0015). */
export type Person = {
  readonly login: string
  readonly name: string
  readonly email: string
  readonly secondFactor: boolean
}
export type Visit = {
  readonly person: Person
  readonly session: string
  readonly since: Date
  /** What a change must carry beside the cookie; bound to this session. */
  readonly csrf: string
  /** Set when the session was prolonged. */
  readonly cookies: readonly string[]
}
export type SignedIn =
  | { readonly is: 'signed_in'; readonly cookies: readonly string[] }
  | { readonly is: 'second_factor_needed'; readonly cookies: readonly string[] }
export type SessionLine = {
  readonly id: string
  readonly since: Date
  readonly seen: Date
  readonly agent: string | null
  readonly address: string | null
  readonly current: boolean
}
export type Opening = { readonly vendor: string; readonly member: string; readonly hash: Uint8Array }

export type Accounts = Awaited<ReturnType<typeof openAccounts>>

const ABSOLUTE_MS = 7 * 24 * 3_600_000
const OPENING_MS = 24 * 3_600_000
const RESET_MS = 3_600_000
/** Longer than either takes on a busy machine: what is known and what is not are answered alike. */
const RESET_ANSWERED_AFTER_MS = 100

export type AccountsParts = {
  readonly target: Parameters<typeof openAccountsPool>[0]
  /** From which everything secret of the accounts is derived. */
  readonly secret: Uint8Array
  /** The public address; links in letters begin with it. */
  readonly url: string
  readonly log: Log
  readonly id: () => string
  readonly carrier: Carrier
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()
const derived = (secret: Uint8Array, purpose: string): Buffer =>
  createHmac('sha256', secret).update(purpose).digest()
const newToken = (): string => randomBytes(32).toString('base64url')

export async function openAccounts(parts: AccountsParts) {
  const pool = openAccountsPool(parts.target, parts.log)
  const letters = makeLetters({
    pool,
    secret: derived(parts.secret, 'letters'),
    random: (bytes) => randomBytes(bytes),
    carrier: parts.carrier,
    log: parts.log,
    id: parts.id,
  })
  const auth = makeAuth({
    pool: pool.pool,
    secret: derived(parts.secret, 'sessions').toString('base64url'),
    url: parts.url,
    log: parts.log,
    id: parts.id,
    sendReset: async ({ email, name }, token) =>
      letters.post(
        resetLetter({ address: email, name }, `${parts.url}/reset#${token}`),
        new Date(Date.now() + RESET_MS),
      ),
    afterReset: async (login) => {
      const [row] = await pool.query<{ email: string; name: string }>(
        'select email, name from accounts.login where id = $1',
        [login],
      )
      if (row)
        await letters.post(
          passwordChangedLetter({ address: row.email, name: row.name }),
          new Date(Date.now() + ABSOLUTE_MS),
        )
      await note(login, 'password.reset')
    },
  })

  async function note(
    login: string | null,
    action: string,
    detail: Record<string, string> = {},
  ): Promise<void> {
    await pool.query(
      'insert into accounts.audit (audit_id, login_id, at, action, detail) values ($1, $2, $3, $4, $5)',
      [parts.id(), login, new Date(), action, JSON.stringify(detail)],
    )
  }

  async function visit(headers: Headers): Promise<Visit | null> {
    const found = await surely(() => auth.api.getSession({ headers, returnHeaders: true }))
    if (!found.response) return null
    const { user, session } = found.response
    if (Date.now() - session.createdAt.getTime() > ABSOLUTE_MS) {
      await pool.query('delete from accounts.session where id = $1', [session.id])
      return null
    }
    return {
      person: {
        login: user.id,
        name: user.name,
        email: user.email,
        secondFactor: user.twoFactorEnabled === true,
      },
      session: session.id,
      since: session.createdAt,
      csrf: createHmac('sha256', derived(parts.secret, 'csrf')).update(session.id).digest('base64url'),
      cookies: found.headers.getSetCookie(),
    }
  }

  return {
    visit,
    note,
    letters: letters as Letters,
    post: (letter: Letter, validMs: number) => letters.post(letter, new Date(Date.now() + validMs)),

    /** A new person, or the one with this address if the password is theirs: so that a sign-up can be finished twice. */
    async join(one: { name: string; email: string; password: string }, headers: Headers): Promise<string> {
      const email = one.email.toLowerCase()
      const known = await loginOf(pool, email)
      if (known !== null) {
        await told(
          () => auth.api.signInEmail({ body: { email, password: one.password }, headers }),
          WRONG_PASSWORD_OF_KNOWN,
        )
        return known
      }
      const made = await told(() => auth.api.signUpEmail({ body: { ...one, email }, headers }))
      await note(made.user.id, 'account.made')
      return made.user.id
    },

    async signIn(one: { email: string; password: string }, headers: Headers): Promise<SignedIn> {
      const email = one.email.toLowerCase()
      const answer = await told(
        () => auth.api.signInEmail({ body: { email, password: one.password }, headers, returnHeaders: true }),
        'These do not belong together: look at the address and the password again, or ask for a new password.',
        (cause) => note(null, 'sign_in.refused', { cause }),
      )
      const cookies = answer.headers.getSetCookie()
      if ('twoFactorRedirect' in answer.response) return { is: 'second_factor_needed', cookies }
      await note(answer.response.user.id, 'sign_in')
      return { is: 'signed_in', cookies }
    },

    async secondFactor(
      one: { readonly code: string } | { readonly backupCode: string },
      headers: Headers,
    ): Promise<SignedIn> {
      const backup = 'backupCode' in one
      const answer = await told(
        () =>
          backup
            ? auth.api.verifyBackupCode({ body: { code: one.backupCode }, headers, returnHeaders: true })
            : auth.api.verifyTOTP({ body: { code: one.code }, headers, returnHeaders: true }),
        'This code is not valid, or it is too late for it. Sign in again and use a fresh one.',
        (cause) => note(null, 'second_factor.refused', { cause }),
      )
      await note(answer.response.user?.id ?? null, backup ? 'sign_in.backup_code' : 'sign_in.second_factor')
      return { is: 'signed_in', cookies: answer.headers.getSetCookie() }
    },

    async signOut(headers: Headers): Promise<readonly string[]> {
      const answer = await auth.api.signOut({ headers, returnHeaders: true })
      return answer.headers.getSetCookie()
    },

    /** Says nothing about whether the address is known, nor by the clock: for one that is, a link is written down besides. */
    async askForReset(email: string): Promise<void> {
      const asking = auth.api.requestPasswordReset({ body: { email: email.toLowerCase() } })
      await Promise.allSettled([asking, pause(RESET_ANSWERED_AFTER_MS)])
      await asking
    },

    async reset(token: string, password: string): Promise<void> {
      await told(
        () => auth.api.resetPassword({ body: { token, newPassword: password } }),
        'This link has been used or is over. Ask for a new password again.',
      )
    },

    /** Whether this is the password of who is signed in. */
    async isPasswordOf(password: string, who: Visit, headers: Headers): Promise<boolean> {
      try {
        await auth.api.verifyPassword({ body: { password }, headers })
        return true
      } catch (error) {
        if (!(error instanceof APIError) || error.statusCode >= 500) throw error
        await note(who.person.login, 'password.refused')
        return false
      }
    },

    /** Nothing is asked at sign-in until `confirmSecondFactor` has seen a code. */
    async beginSecondFactor(
      password: string,
      headers: Headers,
    ): Promise<{ uri: string; backupCodes: readonly string[] }> {
      const made = await told(
        () => auth.api.enableTwoFactor({ body: { password }, headers }),
        'This is not your password, or a second factor is on already.',
      )
      if (made.method !== 'totp')
        throw new Error('better-auth began another second factor than the one asked for')
      return { uri: made.totpURI, backupCodes: made.backupCodes }
    },
    async confirmSecondFactor(code: string, who: Visit, headers: Headers): Promise<readonly string[]> {
      const answer = await told(
        () => auth.api.verifyTOTP({ body: { code }, headers, returnHeaders: true }),
        'This code is not valid. Look at the clock of your phone, and use a fresh one.',
      )
      await note(who.person.login, 'second_factor.on')
      return answer.headers.getSetCookie()
    },
    async endSecondFactor(password: string, who: Visit, headers: Headers): Promise<readonly string[]> {
      const answer = await told(
        () => auth.api.disableTwoFactor({ body: { password }, headers, returnHeaders: true }),
        'This is not your password.',
      )
      await note(who.person.login, 'second_factor.off')
      return answer.headers.getSetCookie()
    },

    async sessions(who: Visit): Promise<SessionLine[]> {
      const rows = await pool.query<{
        id: string
        created_at: Date
        updated_at: Date
        user_agent: string | null
        ip_address: string | null
      }>(
        `select id, created_at, updated_at, user_agent, ip_address from accounts.session
          where login_id = $1 and expires_at > $2 order by updated_at desc, id`,
        [who.person.login, new Date()],
      )
      return rows.map((row) => ({
        id: row.id,
        since: row.created_at,
        seen: row.updated_at,
        agent: row.user_agent,
        address: row.ip_address,
        current: row.id === who.session,
      }))
    },
    /** Which of these sessions are still open. Asking prolongs none of them. */
    async sessionsOpen(sessions: readonly string[]): Promise<ReadonlySet<string>> {
      if (sessions.length === 0) return new Set()
      const now = Date.now()
      const rows = await pool.query<{ id: string }>(
        'select id from accounts.session where id = any ($1::uuid[]) and expires_at > $2 and created_at > $3',
        [sessions, new Date(now), new Date(now - ABSOLUTE_MS)],
      )
      return new Set(rows.map(({ id }) => id))
    },
    async endSession(who: Visit, session: string): Promise<boolean> {
      const rows = await pool.query(
        'delete from accounts.session where login_id = $1 and id = $2 returning id',
        [who.person.login, session],
      )
      if (rows.length > 0) await note(who.person.login, 'session.ended', { session })
      return rows.length > 0
    },

    /** Whether anybody may sign in at all: false on an empty installation. */
    async anybody(): Promise<boolean> {
      const [row] = await pool.query<{ some: boolean }>('select exists (select from accounts.login) as some')
      return row?.some ?? false
    },
    /** A link by which one business can be opened, or its owner come to one that is there. Earlier ones that name nobody and were not used are void. */
    async makeOpening(given: string | null, vendor: string | null = null): Promise<string> {
      const email = given?.toLowerCase() ?? null
      const token = newToken()
      const now = Date.now()
      if (email === null)
        await pool.query('delete from accounts.opening where email is null and used_at is null')
      await pool.query(
        'insert into accounts.opening (hash, vendor_id_to_be, member_id_to_be, email, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)',
        [hashOf(token), vendor ?? parts.id(), parts.id(), email, new Date(now), new Date(now + OPENING_MS)],
      )
      const link = `${parts.url}/open#${token}`
      if (email !== null)
        await letters.post(openingLetter({ address: email, name: '' }, link), new Date(now + OPENING_MS))
      return link
    },
    /** Binds the link to this address: nobody else can use it any more, and this person can finish what broke off. */
    async claimOpening(token: string, email: string): Promise<Opening> {
      const [row] = await pool.query<{ vendor_id_to_be: string; member_id_to_be: string; hash: Buffer }>(
        `update accounts.opening set email = $2
          where hash = $1 and (email is null or email = $2) and used_at is null and expires_at > $3
         returning hash, vendor_id_to_be, member_id_to_be`,
        [hashOf(token), email.toLowerCase(), new Date()],
      )
      if (!row)
        throw new Refusal(
          'link_over',
          'This link has been used, is over, or is meant for another address. "wedsync owner-link" prints a new one.',
        )
      return { vendor: row.vendor_id_to_be, member: row.member_id_to_be, hash: row.hash }
    },
    async openingUsed(opening: Opening, login: string): Promise<void> {
      await pool.query('update accounts.opening set used_at = $2 where hash = $1', [opening.hash, new Date()])
      await note(login, 'business.opened', { vendor: opening.vendor })
    },
    close: () => pool.close(),
  }
}

const WRONG_PASSWORD_OF_KNOWN =
  'There is an account with this address already. Use its password here, or ask for a new one first.'

async function loginOf(pool: AccountsPool, email: string): Promise<string | null> {
  const [row] = await pool.query<{ id: string }>('select id from accounts.login where email = $1', [email])
  return row?.id ?? null
}

const LOOKS_MAX = 3
const LOOK_PAUSE_MS = 20

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** To look changes nothing: a line that was lost on the way is no reason to turn somebody away. */
async function surely<T>(look: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await look()
    } catch (error) {
      if (!(error instanceof APIError) || error.statusCode < 500 || tried >= LOOKS_MAX) throw error
      await pause(LOOK_PAUSE_MS)
    }
  }
}

/** What better-auth refuses is told in our words; everything else is a bug or an outage. */
async function told<T>(
  work: () => Promise<T>,
  sentence = 'This was not accepted.',
  note: (cause: string) => Promise<void> = async () => undefined,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof APIError)) throw error
    const cause = String(error.body?.code ?? error.status)
    await note(cause)
    if (error.statusCode === 429)
      throw new Refusal('too_many', 'Too many tries. Wait a quarter of an hour, or use a backup code.', {
        cause,
      })
    if (cause === 'PASSWORD_TOO_SHORT' || cause === 'PASSWORD_TOO_LONG')
      throw new Refusal('invalid', 'A password has 12 to 128 characters.', { cause })
    if (error.statusCode >= 500) throw error
    throw new Refusal('unauthorised', sentence, { cause })
  }
}
