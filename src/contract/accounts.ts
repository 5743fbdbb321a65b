import { z } from 'zod'
import { VENDOR_TYPE } from '../core/names.ts'
import { done, moment, operation, uuid } from './operation.ts'
import { region, zoneName } from './words.ts'

export { signOut, whoAmI } from './session.ts'

/** People who sign in: opening a business, sessions, passwords, the second factor. */
export const personName = z.string().trim().min(1).max(200)
export const email = z.email().max(254)
/** Long rather than strange: no rules about signs, and nothing is cut off. */
export const password = z.string().min(12).max(128)
const given = z.string().min(1).max(200)
const link = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'the part after # of the link')

export const businessSchema = z.strictObject({
  name: z.string().trim().min(1).max(200),
  type: z.string().regex(VENDOR_TYPE, 'photographer, venue, caterer, florist, planner, dj …'),
  zone: zoneName,
  region,
})

export const openBusiness = operation({
  id: 'businesses.open',
  method: 'post',
  path: '/businesses',
  summary: 'Open a business with a one-time link, and become its owner',
  needs: 'nobody',
  body: z.strictObject({
    link,
    person: z.strictObject({ name: personName, email, password }),
    business: businessSchema,
  }),
  answer: z.object({ vendor: uuid }),
  status: 201,
  problems: ['link_over', 'unauthorised', 'conflict'],
})

export const askForOpening = operation({
  id: 'businesses.ask',
  method: 'post',
  path: '/businesses/links',
  summary: 'Have a link mailed by which a business can be opened, where sign-up is open',
  needs: 'nobody',
  body: z.strictObject({ email }),
  answer: done,
  status: 202,
  problems: ['forbidden'],
})

const signedIn = z.object({ is: z.enum(['signed_in', 'second_factor_needed']) })

export const signIn = operation({
  id: 'session.begin',
  method: 'post',
  path: '/session',
  summary: 'Sign in',
  needs: 'nobody',
  body: z.strictObject({ email, password: given }),
  answer: signedIn,
  problems: ['unauthorised'],
})

export const giveSecondFactor = operation({
  id: 'session.second_factor',
  method: 'post',
  path: '/session/second-factor',
  summary: 'Finish signing in with the code of your phone, or one of your backup codes',
  needs: 'nobody',
  body: z.strictObject({ code: z.string().min(6).max(20), backup: z.boolean().default(false) }),
  answer: signedIn,
  problems: ['unauthorised'],
})

export const listSessions = operation({
  id: 'sessions.list',
  method: 'get',
  path: '/sessions',
  summary: 'Where you are signed in',
  needs: 'person',
  answer: z.object({
    items: z.array(
      z.object({
        id: uuid,
        since: moment,
        seen: moment,
        agent: z.string().nullable(),
        address: z.string().nullable(),
        current: z.boolean(),
      }),
    ),
  }),
})

export const endSession = operation({
  id: 'sessions.end',
  method: 'delete',
  path: '/sessions/{session}',
  summary: 'Sign out elsewhere',
  needs: 'person',
  params: z.strictObject({ session: uuid }),
  answer: done,
  status: 204,
  problems: ['not_found'],
})

export const askForReset = operation({
  id: 'passwords.ask',
  method: 'post',
  path: '/password-resets',
  summary:
    'Have a link mailed by which a new password can be set. Says nothing about whether the address is known',
  needs: 'nobody',
  body: z.strictObject({ email }),
  answer: done,
  status: 202,
})

export const resetPassword = operation({
  id: 'passwords.reset',
  method: 'post',
  path: '/password-resets/use',
  summary: 'Set a new password with the link, and sign out everywhere',
  needs: 'nobody',
  body: z.strictObject({
    link: z.string().regex(/^[A-Za-z0-9_-]{20,64}$/, 'the part after # of the link'),
    password,
  }),
  answer: done,
  status: 204,
  problems: ['unauthorised'],
})

export const beginSecondFactor = operation({
  id: 'second_factor.begin',
  method: 'post',
  path: '/second-factor',
  summary: 'Begin with a second factor: what your phone must know, and ten backup codes, shown once',
  needs: 'person',
  body: z.strictObject({ password: given }),
  answer: z.object({ uri: z.string(), backupCodes: z.array(z.string()) }),
})

export const confirmSecondFactor = operation({
  id: 'second_factor.confirm',
  method: 'post',
  path: '/second-factor/confirm',
  summary: 'Switch the second factor on by giving its first code',
  needs: 'person',
  body: z.strictObject({ code: z.string().min(6).max(10) }),
  answer: done,
  status: 204,
})

export const endSecondFactor = operation({
  id: 'second_factor.end',
  method: 'post',
  path: '/second-factor/end',
  summary: 'Switch the second factor off',
  needs: 'person',
  body: z.strictObject({ password: given }),
  answer: done,
  status: 204,
})

export const useInvitation = operation({
  id: 'invitations.use',
  method: 'post',
  path: '/invitations/use',
  summary: 'Accept an invitation: as somebody new, or with the password you have',
  needs: 'nobody',
  body: z.strictObject({ link, person: z.strictObject({ name: personName, password }) }),
  answer: z.object({ vendor: uuid }),
  status: 201,
  problems: ['link_over', 'unauthorised', 'conflict'],
})
