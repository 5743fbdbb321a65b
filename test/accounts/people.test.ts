import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  askForReset,
  beginSecondFactor,
  confirmSecondFactor,
  endSession,
  giveSecondFactor,
  listSessions,
  openBusiness,
  resetPassword,
  signIn,
  signOut,
  useInvitation,
  whoAmI,
} from '../../src/contract/accounts.ts'
import { listAudit } from '../../src/contract/audit.ts'
import { addClient, listClients } from '../../src/contract/clients.ts'
import { Refused } from '../../src/contract/connect.ts'
import {
  changeMember,
  invite,
  listInvitations,
  listMembers,
  removeMember,
} from '../../src/contract/members.ts'
import { base32, totp } from './authenticator.ts'
import { type Office, openOffice, PASSWORD } from './office.ts'

let office: Office
beforeAll(async () => {
  office = await openOffice()
}, 60_000)
afterAll(() => office.close())

/** The problem an operation ends with. */
const refusal = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (one: unknown) => one,
  )
  if (!(error instanceof Refused)) throw error ?? new Error('it was not refused')
  return error.problem
}

describe('opening a business', () => {
  const request = (link: string, email: string, password = PASSWORD) => ({
    body: {
      link,
      person: { name: 'Pia', email, password },
      business: { name: 'Pia Flowers', type: 'florist', zone: 'Europe/Rome', region: 'IT' },
    },
  })
  test('works once with a link, and a second person with the same link is refused', async () => {
    const link = (await office.accounts.makeOpening(null)).split('#')[1] ?? ''
    const { data } = await office.browser().api(openBusiness, request(link, 'pia@example.org'))
    expect((await refusal(office.browser().api(openBusiness, request(link, 'eve@example.org')))).code).toBe(
      'link_over',
    )
    expect((await refusal(office.browser().api(openBusiness, request(link, 'pia@example.org')))).code).toBe(
      'link_over',
    )
    const rows = await office.admin.query('select from app.member where vendor_id = $1', [data.vendor])
    expect(rows.length).toBe(1)
  })

  test('that broke off half-way is finished by the same person with the same link, and nothing is doubled', async () => {
    const link = (await office.accounts.makeOpening(null)).split('#')[1] ?? ''
    const first = await office.browser().api(openBusiness, request(link, 'half@example.org'))
    // As if the program had died before the link was marked as used, and before the member was written.
    await office.admin.exec(`update accounts.opening set used_at = null where email = 'half@example.org'`)
    await office.admin.exec(`delete from app.member where vendor_id = '${first.data.vendor}'`)
    const again = await office.browser().api(openBusiness, request(link, 'half@example.org'))
    expect(again.data).toEqual(first.data)
    const browser = office.browser()
    await browser.signIn('half@example.org')
    expect((await browser.api(whoAmI, {})).data.memberships.map((one) => one.role)).toEqual(['owner'])
  })

  test('with a wrong zone costs neither the link nor leaves an account', async () => {
    const link = (await office.accounts.makeOpening(null)).split('#')[1] ?? ''
    const wrong = request(link, 'zoe@example.org')
    wrong.body.business.zone = 'Europe/Atlantis'
    expect((await refusal(office.browser().api(openBusiness, wrong))).code).toBe('invalid')
    await office.browser().api(openBusiness, request(link, 'zed@example.org'))
    const rows = await office.admin.query(`select from accounts.login where email = 'zoe@example.org'`)
    expect(rows.length).toBe(0)
  })

  test('is refused with a link that is over', async () => {
    const link = (await office.accounts.makeOpening(null)).split('#')[1] ?? ''
    await office.admin.exec(`update accounts.opening set expires_at = '2020-01-01Z' where used_at is null`)
    expect((await refusal(office.browser().api(openBusiness, request(link, 'late@example.org')))).code).toBe(
      'link_over',
    )
  })
})

describe('signing in', () => {
  test('says the same for a wrong password and an unknown address', async () => {
    const { email } = await office.business()
    const wrong = await refusal(office.browser().signIn(email, 'not the passphrase'))
    const unknown = await refusal(office.browser().signIn('nobody@example.org', 'not the passphrase'))
    expect(wrong.code).toBe('unauthorised')
    expect(unknown).toEqual(wrong)
  })

  test('keeps the password as argon2id, the mailed link as a hash, and the cookie out of scripts’ reach', async () => {
    const { email } = await office.business()
    const [row] = await office.admin.query<{ password: string }>(
      `select password from accounts.credential c join accounts.login l on l.id = c.login_id where email = $1`,
      [email],
    )
    expect(row?.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    const browser = office.browser()
    const { response } = await browser.api(signIn, { body: { email, password: PASSWORD } })
    expect(response.headers.getSetCookie().join()).toMatch(
      /^wedsync=[^;]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/,
    )
    await office.browser().api(askForReset, { body: { email } })
    const link = await office.linkIn(email)
    const kept = await office.admin.query<{ identifier: string }>(
      'select identifier from accounts.verification',
    )
    expect(kept.length).toBeGreaterThan(0)
    expect(kept.filter((one) => one.identifier.includes(link))).toEqual([])
  })

  test('is over after signing out, after seven days, and where the session was ended from elsewhere', async () => {
    const { browser: desk, email } = await office.business()
    const phone = office.browser()
    await phone.signIn(email)
    const { items } = (await desk.api(listSessions, {})).data
    expect(items.map((one) => one.current).sort()).toEqual([false, true])
    const other = items.find((one) => !one.current)!
    await desk.api(endSession, { params: { session: other.id } })
    expect((await refusal(phone.api(whoAmI, {}))).code).toBe('unauthorised')
    await desk.api(signOut, {})
    expect((await refusal(desk.api(whoAmI, {}))).code).toBe('unauthorised')

    const old = office.browser()
    await old.signIn(email)
    await office.admin.exec(
      `update accounts.session set created_at = created_at - interval '7 days 1 minute'`,
    )
    expect((await refusal(old.api(whoAmI, {}))).code).toBe('unauthorised')
  })

  test('is not over because the line to the database is lost while somebody looks', async () => {
    const { browser } = await office.business('Lost Line', 'lost-line@example.org')
    await office.admin.query('begin')
    await office.admin.query('lock table accounts.session in access exclusive mode')
    const asked = browser.api(whoAmI, {})
    await expect
      .poll(
        () =>
          office.admin.query(`select pg_terminate_backend(pid) from pg_stat_activity
             where application_name = 'wedsync accounts' and wait_event_type = 'Lock'`),
        { timeout: 4_000, interval: 20 },
      )
      .toHaveLength(1)
    await office.admin.query('rollback')
    expect((await asked).data.person?.email).toBe('lost-line@example.org')
  })

  test('ends nobody else’s session', async () => {
    const mine = await office.business()
    const theirs = await office.business()
    const { items } = (await theirs.browser.api(listSessions, {})).data
    const session = items[0]!.id
    expect((await refusal(mine.browser.api(endSession, { params: { session } }))).code).toBe('not_found')
    expect((await theirs.browser.api(whoAmI, {})).data.person.email).toBe(theirs.email)
  })
})

describe('a forgotten password', () => {
  test('is set anew once by a mailed link, which signs out everywhere; an unknown address hears the same', async () => {
    const { browser, email } = await office.business()
    const known = await office.browser().api(askForReset, { body: { email } })
    const unknown = await office.browser().api(askForReset, { body: { email: 'nobody@example.org' } })
    expect([known.response.status, await known.response.headers.get('content-length')]).toEqual([
      unknown.response.status,
      unknown.response.headers.get('content-length'),
    ])
    const link = await office.linkIn(email)
    await office.browser().api(resetPassword, { body: { link, password: 'another long passphrase' } })
    expect((await refusal(browser.api(whoAmI, {}))).code).toBe('unauthorised')
    expect((await refusal(office.browser().signIn(email))).code).toBe('unauthorised')
    expect(await office.browser().signIn(email, 'another long passphrase')).toEqual({ is: 'signed_in' })
    const again = office.browser().api(resetPassword, { body: { link, password: 'yet another passphrase' } })
    expect((await refusal(again)).code).toBe('unauthorised')
  })
})

test('the captured mailbox, where links lie that reset passwords, opens to this machine alone', async () => {
  const { email } = await office.business()
  await office.browser().api(askForReset, { body: { email } })
  const link = await office.linkIn(email)
  const look = async (from: string, headers: Record<string, string>) => {
    const env = { incoming: { socket: { remoteAddress: from } } }
    const answer = await office.front.fetch(new Request('http://localhost:3000/mailbox', { headers }), env)
    return [answer.status, (await answer.text()).includes(link)]
  }
  const host = 'localhost:3000'
  expect(await look('127.0.0.1', { host })).toEqual([200, true])
  expect(await look('203.0.113.9', { host })).toEqual([403, false])
  expect(await look('127.0.0.1', { host: 'rebound.example' })).toEqual([403, false])
  expect(await look('127.0.0.1', { host, 'x-forwarded-for': '127.0.0.1' })).toEqual([403, false])
})

describe('a second factor', () => {
  test('is asked for once it is on, takes a code or a backup code once, and a password alone opens nothing', async () => {
    const { browser, email, vendor } = await office.business()
    const { uri, backupCodes } = (await browser.api(beginSecondFactor, { body: { password: PASSWORD } })).data
    const code = () => totp(base32(new URL(uri).searchParams.get('secret') ?? ''))
    expect(backupCodes.length).toBe(10)
    // Not on before its first code.
    expect(await office.browser().signIn(email)).toEqual({ is: 'signed_in' })
    await browser.api(confirmSecondFactor, { body: { code: code() } })

    const phone = office.browser()
    expect(await phone.signIn(email)).toEqual({ is: 'second_factor_needed' })
    expect((await refusal(phone.api(listClients, { params: { vendor } }))).code).toBe('unauthorised')
    expect((await refusal(phone.api(giveSecondFactor, { body: { code: '000000' } }))).code).toBe(
      'unauthorised',
    )
    await phone.api(giveSecondFactor, { body: { code: code() } })
    expect((await phone.api(whoAmI, {})).data.person.secondFactor).toBe(true)

    const spare = office.browser()
    await spare.signIn(email)
    const backup = { body: { code: backupCodes[0]!, backup: true } }
    await spare.api(giveSecondFactor, backup)
    const thief = office.browser()
    await thief.signIn(email)
    expect((await refusal(thief.api(giveSecondFactor, backup))).code).toBe('unauthorised')
  })
})

describe('members', () => {
  test('come by invitation, may what their role may, and see nothing once they are gone', async () => {
    const { browser: owner, vendor } = await office.business('Kestrel House')
    const params = { vendor }
    await owner.api(invite, { params, body: { email: 'vera@example.org', role: 'viewer' } })
    expect((await owner.api(listInvitations, { params })).data.items.map((one) => one.email)).toEqual([
      'vera@example.org',
    ])
    const link = await office.linkIn('vera@example.org')
    const person = { name: 'Vera Viewer', password: PASSWORD }
    await office.browser().api(useInvitation, { body: { link, person } })
    expect((await refusal(office.browser().api(useInvitation, { body: { link, person } }))).code).toBe(
      'link_over',
    )

    const vera = office.browser()
    await vera.signIn('vera@example.org')
    expect((await vera.api(listClients, { params })).data.items).toEqual([])
    const add = () => vera.api(addClient, { params, body: { people: [{ ref: 'partner_a', name: 'Anna' }] } })
    expect(await refusal(add())).toMatchObject({ code: 'forbidden', status: 403 })

    const { items } = (await owner.api(listMembers, { params })).data
    const member = items.find((one) => one.role === 'viewer')!
    const here = { vendor, member: member.id }
    const change = (role: 'assistant' | 'manager', ifMatch?: string) =>
      owner.api(changeMember, { params: here, body: { role }, ...(ifMatch && { ifMatch }) })
    expect((await refusal(change('assistant'))).code).toBe('if_match_missing')
    const changed = await change('assistant', member.etag)
    // Another owner who has the page open from before writes over nothing, and lets nobody go unseen.
    expect((await refusal(change('manager', member.etag))).code).toBe('changed_meanwhile')
    const letGo = (ifMatch: string) => owner.api(removeMember, { params: here, ifMatch })
    expect((await refusal(letGo(member.etag))).code).toBe('changed_meanwhile')
    expect((await add()).data.name).toBe('Anna')
    await letGo(changed.etag!)
    expect((await refusal(vera.api(listClients, { params }))).code).toBe('not_found')

    const audit = (await owner.api(listAudit, { params })).data.items
    const actions = audit.map((one) => one.action).reverse()
    // Opened and joined in one moment.
    expect(actions.slice(0, 2).sort()).toEqual(['member.joined', 'vendor.opened'])
    expect(actions.slice(2)).toEqual([
      'member.invited',
      'member.joined',
      'member.changed',
      'client.added',
      'member.removed',
    ])
    expect(audit.find((one) => one.action === 'client.added')?.actor).toBe(`member:${member.id}`)
    // The audit names ids and fields, never a person.
    expect(JSON.stringify(audit)).not.toMatch(/vera|Anna/i)
  })

  test('always leave an owner, whoever changes roles at the same time', async () => {
    const { browser: one, vendor } = await office.business('Two Owners')
    const params = { vendor }
    await one.api(invite, { params, body: { email: 'second@example.org', role: 'owner' } })
    const link = await office.linkIn('second@example.org')
    await office
      .browser()
      .api(useInvitation, { body: { link, person: { name: 'Second', password: PASSWORD } } })
    const two = office.browser()
    await two.signIn('second@example.org')
    const { items } = (await one.api(listMembers, { params })).data
    const outcomes = await Promise.allSettled(
      items.map((member, i) =>
        (i === 0 ? one : two).api(changeMember, {
          params: { vendor, member: member.id },
          body: { role: 'viewer' },
          ifMatch: member.etag,
        }),
      ),
    )
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected'])
    const left = await office.admin.query('select from app.member where vendor_id = $1 and role = $2', [
      vendor,
      'owner',
    ])
    expect(left.length).toBe(1)
  })
})
