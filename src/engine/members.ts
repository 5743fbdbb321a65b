import { createHash } from 'node:crypto'
import type { VendorId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import { DAY_MS, type Instant, plusMs } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { insertAudit } from '../store/changes.ts'
import {
  deleteMember,
  type InvitationRow,
  insertInvitation,
  insertMember,
  invitationOfLink,
  listMembers,
  lockVendor,
  type MemberRole,
  type MemberRow,
  openInvitations,
  readInvitation,
  setMemberRole,
  takeInvitation,
} from '../store/members.ts'
import type { Engine } from './engine.ts'
import { addVendor, type NewVendor } from './vendors.ts'
import { openJson, sealJson } from './views.ts'

/** Who works for a vendor, and how they came: by opening the business, or by an invitation. */
export type Member = {
  readonly id: string
  readonly login: string
  readonly role: MemberRole
  readonly name: string
  readonly email: string
  readonly since: Instant
}
export type Invited = {
  readonly id: string
  readonly role: MemberRole
  readonly email: string
  readonly by: string
  readonly at: Instant
  readonly expires: Instant
}
export type Newcomer = { readonly login: string; readonly name: string; readonly email: string }

export const INVITATION_MS = 7 * DAY_MS
const OWNERS_MIN = 1

const memberPlace = (vendor: VendorId, member: string) =>
  ({ vendor, subject: null, table: 'member', row: member, column: 'sealed' }) as const
const invitationPlace = (vendor: VendorId, invitation: string) =>
  ({ vendor, subject: null, table: 'invitation', row: invitation, column: 'sealed' }) as const
const hashOfLink = (link: string): Uint8Array => createHash('sha256').update(link).digest()

/**
 * A business and its owner. The ids were given beforehand: whoever comes back with the same ones finishes what broke
 * off, and opens nothing twice.
 */
export async function openBusiness(
  engine: Engine,
  business: NewVendor & { readonly id: VendorId },
  owner: Newcomer & { readonly member: string },
): Promise<void> {
  await addVendor(engine, business)
  const vendor = business.id
  const sealed = await sealJson(engine.vault, memberPlace(vendor, owner.member), {
    name: owner.name,
    email: owner.email,
  })
  await engine.db.tx('vendor.open', { vendors: [vendor] }, async (sql) => {
    const at = engine.clock.now()
    const { member, login } = owner
    const isNew = await insertMember(sql, { vendor, member, login, role: 'owner', sealed, at })
    if (!isNew) return
    const actor = `member:${member}`
    const audit = { vendor, at, actor }
    await insertAudit(sql, [
      {
        ...audit,
        id: engine.rng.uuid7(at),
        action: 'vendor.opened',
        subject: vendor,
        detail: { name: business.name },
      },
      {
        ...audit,
        id: engine.rng.uuid7(at),
        action: 'member.joined',
        subject: member,
        detail: { role: 'owner' },
      },
    ])
  })
}

export async function membersOf(engine: Engine, sql: Sql, vendor: VendorId): Promise<Member[]> {
  return Promise.all((await listMembers(sql, vendor)).map((row) => opened(engine, vendor, row)))
}

async function opened(engine: Engine, vendor: VendorId, row: MemberRow): Promise<Member> {
  const place = memberPlace(vendor, row.member_id)
  const { name, email } = (await openJson(engine.vault, place, row.sealed)) as { name: string; email: string }
  return { id: row.member_id, login: row.login_id, role: row.role, name, email, since: row.joined_at }
}

/** Changes a role, or lets a member go (null). There is always an owner left. */
export async function changeMemberIn(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  member: string,
  role: MemberRole | null,
  /** Refuses when whoever asks has seen them otherwise. */
  mustBeSeen: (one: Member) => void,
): Promise<Member> {
  await lockVendor(sql, vendor)
  const members = await membersOf(engine, sql, vendor)
  const one = members.find((candidate) => candidate.id === member)
  if (!one) throw new Refusal('not_found', 'Nobody here has this id.')
  mustBeSeen(one)
  const owners = members.filter((candidate) => candidate.role === 'owner').length
  if (one.role === 'owner' && role !== 'owner' && owners <= OWNERS_MIN)
    throw new Refusal('conflict', `${one.name} is the only owner. Make somebody else owner first.`)
  if (role === null) await deleteMember(sql, vendor, member)
  else await setMemberRole(sql, vendor, member, role)
  return { ...one, role: role ?? one.role }
}

export async function invitationsOf(engine: Engine, sql: Sql, vendor: VendorId): Promise<Invited[]> {
  const rows = await openInvitations(sql, vendor, engine.clock.now())
  return Promise.all(rows.map((row) => openedInvitation(engine, vendor, row)))
}

async function openedInvitation(engine: Engine, vendor: VendorId, row: InvitationRow): Promise<Invited> {
  const place = invitationPlace(vendor, row.invitation_id)
  const { email } = (await openJson(engine.vault, place, row.sealed)) as { email: string }
  return {
    id: row.invitation_id,
    role: row.role,
    email,
    by: row.invited_by,
    at: row.created_at,
    expires: row.expires_at,
  }
}

/** `link` is the secret that is mailed; only its hash is kept. */
export async function inviteIn(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  one: { readonly email: string; readonly role: MemberRole; readonly by: string; readonly link: string },
): Promise<Invited> {
  const at = engine.clock.now()
  const email = one.email.toLowerCase()
  const members = await membersOf(engine, sql, vendor)
  if (members.some((member) => member.email === email))
    throw new Refusal('conflict', `${email} works here already.`)
  const invitation = engine.rng.uuid7(at)
  const expires = plusMs(at, INVITATION_MS)
  await insertInvitation(sql, {
    vendor,
    invitation,
    hash: hashOfLink(one.link),
    role: one.role,
    sealed: await sealJson(engine.vault, invitationPlace(vendor, invitation), { email }),
    mark: await engine.vault.mark(vendor, 'invitation', email),
    by: one.by,
    at,
    expires,
  })
  return { id: invitation, role: one.role, email, by: one.by, at, expires }
}

/** For whom a link is, without using it. */
export async function lookAtInvitation(
  engine: Engine,
  link: string,
): Promise<{ vendor: VendorId; invitation: string; email: string }> {
  const found = await invitationOfLink(engine.db, hashOfLink(link), engine.clock.now())
  const row =
    found &&
    (await engine.db.read('invitation.read', { vendors: [found.vendor] }, (sql) =>
      readInvitation(sql, found.vendor, found.invitation),
    ))
  if (!found || !row) throw linkOver()
  return { ...found, email: (await openedInvitation(engine, found.vendor, row)).email }
}

const linkOver = () =>
  new Refusal('link_over', 'This invitation was used, taken back, or is over. Ask for a new one.')

export async function acceptInvitation(
  engine: Engine,
  vendor: VendorId,
  invitation: string,
  who: Newcomer,
): Promise<void> {
  const at = engine.clock.now()
  const member = engine.rng.uuid7(at)
  const sealed = await sealJson(engine.vault, memberPlace(vendor, member), {
    name: who.name,
    email: who.email,
  })
  await engine.db.tx('invitation.accept', { vendors: [vendor] }, async (sql) => {
    const row = await readInvitation(sql, vendor, invitation)
    if (!row || !(await takeInvitation(sql, vendor, invitation, at))) throw linkOver()
    if (!(await insertMember(sql, { vendor, member, login: who.login, role: row.role, sealed, at })))
      throw new Refusal('conflict', 'You work here already.')
    const entry = {
      vendor,
      id: engine.rng.uuid7(at),
      at,
      actor: `member:${member}`,
      action: 'member.joined',
      subject: member,
      detail: { role: row.role, invitation },
    }
    await insertAudit(sql, [entry])
  })
}
