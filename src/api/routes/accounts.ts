import {
  askForOpening,
  askForReset,
  beginSecondFactor,
  confirmSecondFactor,
  endSecondFactor,
  endSession,
  giveSecondFactor,
  listSessions,
  openBusiness,
  resetPassword,
  signIn,
  signOut,
  useInvitation,
  whoAmI,
} from '../../contract/accounts.ts'
import { permissionsOf } from '../../contract/permission.ts'
import type { VendorId } from '../../core/ids.ts'
import { Refusal } from '../../core/refusal.ts'
import { acceptInvitation, lookAtInvitation, openBusiness as openFor } from '../../engine/members.ts'
import { checkVendor } from '../../engine/vendors.ts'
import { snapshotNow } from '../../store/live.ts'
import { membershipsOf } from '../../store/members.ts'
import { persons, type Route, strangers } from '../frame/route.ts'
import { writtenCursor } from '../live/cursor.ts'

/** Opening a business, signing in and out, passwords and second factors. */
export const accountRoutes: readonly Route[] = [
  strangers(openBusiness, async ({ engine, accounts, headers }, { body }) => {
    const { link, person, business } = body
    // Before the link is bound to anybody: a wrong zone must not cost a link or leave an account behind.
    checkVendor(business)
    const opening = await accounts.claimOpening(link, person.email)
    const login = await accounts.join(person, headers)
    const vendor = opening.vendor as VendorId
    const owner = { login, member: opening.member, name: person.name, email: person.email.toLowerCase() }
    await openFor(engine, { ...business, id: vendor }, owner)
    await accounts.openingUsed(opening, login)
    return { vendor }
  }),
  strangers(askForOpening, async ({ accounts, signUpOpen }, { body }) => {
    if (!signUpOpen)
      throw new Refusal(
        'forbidden',
        'Businesses are opened by invitation here. Ask whoever runs this installation for a link.',
      )
    await accounts.makeOpening(body.email)
    return null
  }),
  strangers(signIn, async ({ accounts, headers, setCookies, count }, { body }) => {
    await count('account', body.email.toLowerCase())
    const { is, cookies } = await accounts.signIn(body, headers)
    setCookies(cookies)
    return { is }
  }),
  strangers(giveSecondFactor, async ({ accounts, headers, setCookies }, { body }) => {
    const given = body.backup ? { backupCode: body.code } : { code: body.code }
    const { is, cookies } = await accounts.secondFactor(given, headers)
    setCookies(cookies)
    return { is }
  }),
  persons(whoAmI, async ({ engine, who }) => {
    const { person } = who
    const at = engine.clock.now()
    const snapshot = await engine.db.read('live.cursor', 'platform', snapshotNow)
    const memberships = await membershipsOf(engine.db, person.login)
    return {
      person: { id: person.login, name: person.name, email: person.email, secondFactor: person.secondFactor },
      csrf: who.csrf,
      since: who.since.toISOString(),
      cursor: writtenCursor({ at, snapshot }),
      memberships: memberships.map((one) => ({
        vendor: one.vendor_id,
        name: one.name,
        member: one.member_id,
        role: one.role,
        may: [...permissionsOf(one.role)],
      })),
    }
  }),
  persons(signOut, async ({ accounts, headers, setCookies }) => {
    setCookies(await accounts.signOut(headers))
    return null
  }),
  persons(listSessions, async ({ accounts, who }) => ({
    items: (await accounts.sessions(who)).map((one) => ({
      ...one,
      since: one.since.toISOString(),
      seen: one.seen.toISOString(),
    })),
  })),
  persons(endSession, async ({ accounts, who }, { params }) => {
    if (!(await accounts.endSession(who, params.session)))
      throw new Refusal('not_found', 'You are not signed in there.')
    return null
  }),
  strangers(askForReset, async ({ accounts, count }, { body }) => {
    await count('account', `reset ${body.email.toLowerCase()}`)
    await accounts.askForReset(body.email)
    return null
  }),
  strangers(resetPassword, async ({ accounts }, { body }) => {
    await accounts.reset(body.link, body.password)
    return null
  }),
  persons(beginSecondFactor, async ({ accounts, headers }, { body }) => {
    const { uri, backupCodes } = await accounts.beginSecondFactor(body.password, headers)
    return { uri, backupCodes: [...backupCodes] }
  }),
  persons(confirmSecondFactor, async ({ accounts, who, headers, setCookies }, { body }) => {
    setCookies(await accounts.confirmSecondFactor(body.code, who, headers))
    return null
  }),
  persons(endSecondFactor, async ({ accounts, who, headers, setCookies }, { body }) => {
    setCookies(await accounts.endSecondFactor(body.password, who, headers))
    return null
  }),
  strangers(useInvitation, async ({ engine, accounts, headers }, { body }) => {
    const { vendor, invitation, email } = await lookAtInvitation(engine, body.link)
    const login = await accounts.join({ ...body.person, email }, headers)
    await acceptInvitation(engine, vendor, invitation, { login, name: body.person.name, email })
    return { vendor }
  }),
]
