import { type BetterAuthOptions, betterAuth } from 'better-auth'
import { twoFactor } from 'better-auth/plugins/two-factor'
import type pg from 'pg'
import type { Log } from '../ports.ts'
import { hashPassword, verifyPassword } from './password.ts'

/**
 * The one place that knows better-auth. Its own web handler is never mounted: it has some forty addresses of which we
 * need a dozen. Our operations call its functions, behind our limits, our origin check and our problems.
 */
export const PASSWORD_LENGTH_MIN = 12
export const PASSWORD_LENGTH_MAX = 128
export const IDLE_SECONDS = 12 * 3_600
const REFRESHED_AFTER_SECONDS = 10 * 60
const RESET_SECONDS = 3_600

export type AuthParts = {
  readonly pool: pg.Pool
  /** Signs cookies and seals second factors; derived from the master key. */
  readonly secret: string
  readonly url: string
  readonly log: Log
  readonly id: () => string
  readonly sendReset: (to: { readonly email: string; readonly name: string }, token: string) => Promise<void>
  readonly afterReset: (login: string) => Promise<void>
}

const TIMES = { createdAt: 'created_at', updatedAt: 'updated_at' } as const
/** A cookie of this host alone, wherever the address can be trusted; plain http is for this machine only. */
export const sessionCookie = (url: string): string =>
  url.startsWith('https://') ? '__Host-wedsync' : 'wedsync'

export function makeAuth(parts: AuthParts) {
  const secure = parts.url.startsWith('https://')
  const cookie = (name: string) => ({
    name,
    attributes: { secure, httpOnly: true, sameSite: 'lax', path: '/' } as const,
  })
  const name = sessionCookie(parts.url)
  return betterAuth({
    appName: 'WedSync',
    baseURL: parts.url,
    secret: parts.secret,
    database: parts.pool,
    telemetry: { enabled: false },
    // Counted by our own limits, which see every address.
    rateLimit: { enabled: false },
    logger: {
      level: 'error',
      log: (_level, message) => parts.log.error('accounts', { message: String(message).slice(0, 500) }),
    },
    user: {
      modelName: 'login',
      fields: { emailVerified: 'email_verified', ...TIMES },
    },
    session: {
      modelName: 'session',
      fields: {
        userId: 'login_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        ...TIMES,
      },
      expiresIn: IDLE_SECONDS,
      updateAge: REFRESHED_AFTER_SECONDS,
      cookieCache: { enabled: false },
    },
    account: {
      modelName: 'credential',
      fields: {
        userId: 'login_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        ...TIMES,
      },
    },
    verification: {
      modelName: 'verification',
      fields: { expiresAt: 'expires_at', ...TIMES },
      storeIdentifier: 'hashed',
    },
    emailAndPassword: {
      enabled: true,
      autoSignIn: false,
      minPasswordLength: PASSWORD_LENGTH_MIN,
      maxPasswordLength: PASSWORD_LENGTH_MAX,
      password: { hash: hashPassword, verify: verifyPassword },
      resetPasswordTokenExpiresIn: RESET_SECONDS,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: ({ user, token }) => parts.sendReset({ email: user.email, name: user.name }, token),
      onPasswordReset: ({ user }) => parts.afterReset(user.id),
    },
    plugins: [
      twoFactor({
        issuer: 'WedSync',
        schema: {
          user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
          twoFactor: {
            modelName: 'second_factor',
            fields: {
              userId: 'login_id',
              backupCodes: 'backup_codes',
              failedVerificationCount: 'failed_verification_count',
              lockedUntil: 'locked_until',
            },
          },
        },
      }),
    ],
    advanced: {
      useSecureCookies: false,
      cookiePrefix: name,
      cookies: { session_token: cookie(name), two_factor: cookie(`${name}-second`) },
      database: { generateId: () => parts.id() },
      ipAddress: { ipAddressHeaders: ['x-wedsync-remote'] },
    },
  } satisfies BetterAuthOptions)
}
