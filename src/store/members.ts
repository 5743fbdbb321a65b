import type { VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Db, Sql } from '../ports.ts'
import { once } from './once.ts'
import { ts } from './sql.ts'
import { raiseVendorRevision } from './vendors.ts'

/** Who works for a vendor. Name and address lie sealed with the vendor's key. */
export type MemberRole = 'owner' | 'manager' | 'assistant' | 'viewer'
export type MemberRow = {
  member_id: string
  login_id: string
  role: MemberRole
  sealed: Uint8Array
  joined_at: Instant
}
export type Membership = { vendor_id: VendorId; name: string; member_id: string; role: MemberRole }

/** For whom a person works: asked before anything of a vendor is touched. Suspended businesses are not among them. */
export const membershipsOf = (db: Db, login: string): Promise<Membership[]> =>
  once(db, 'member.find', 'claim')<Membership>`
    select vendor_id, name, member_id, role from app.memberships_of(${login}::uuid)`

/** Sample studios that a person has begun to load and that are not there: under way, or cut off. */
export const samplesBegunBy = (db: Db, login: string): Promise<Membership[]> =>
  once(db, 'sample.begun', 'claim')<Membership>`
    select vendor_id, name, member_id, role from app.samples_begun_by(${login}::uuid)`

export async function listMembers(sql: Sql, vendor: VendorId): Promise<MemberRow[]> {
  return sql<MemberRow>`
    select member_id, login_id, role, sealed, joined_at from app.member
     where vendor_id = ${vendor} order by joined_at, member_id`
}

/** Holds the vendor until the transaction ends, so that two changes cannot each leave the other's owner as the last. */
export async function lockVendor(sql: Sql, vendor: VendorId): Promise<void> {
  await sql`select vendor_id from app.vendor where vendor_id = ${vendor} for no key update`
}

/** False when this person is a member already. */
export async function insertMember(
  sql: Sql,
  one: {
    vendor: VendorId
    member: string
    login: string
    role: MemberRole
    sealed: Uint8Array
    at: Instant
  },
): Promise<boolean> {
  const rows = await sql`
    insert into app.member (vendor_id, member_id, login_id, role, sealed, joined_at)
    values (${one.vendor}, ${one.member}, ${one.login}, ${one.role}, ${one.sealed}, ${ts(one.at)}::timestamptz)
    on conflict do nothing returning member_id`
  if (rows.length === 0) return false
  await raiseVendorRevision(sql, one.vendor)
  return true
}

export async function setMemberRole(
  sql: Sql,
  vendor: VendorId,
  member: string,
  role: MemberRole,
): Promise<void> {
  await sql`update app.member set role = ${role} where vendor_id = ${vendor} and member_id = ${member}`
  await raiseVendorRevision(sql, vendor)
}

export async function deleteMember(sql: Sql, vendor: VendorId, member: string): Promise<void> {
  await sql`delete from app.member where vendor_id = ${vendor} and member_id = ${member}`
  await raiseVendorRevision(sql, vendor)
}

export type InvitationRow = {
  invitation_id: string
  role: MemberRole
  sealed: Uint8Array
  invited_by: string
  created_at: Instant
  expires_at: Instant
}

export async function openInvitations(sql: Sql, vendor: VendorId, now: Instant): Promise<InvitationRow[]> {
  return sql<InvitationRow>`
    select invitation_id, role, sealed, invited_by, created_at, expires_at from app.invitation
     where vendor_id = ${vendor} and accepted_at is null and revoked_at is null and expires_at > ${ts(now)}::timestamptz
     order by created_at, invitation_id`
}

/** A newer invitation of the same address takes the place of the older one. */
export async function insertInvitation(
  sql: Sql,
  one: {
    vendor: VendorId
    invitation: string
    hash: Uint8Array
    role: MemberRole
    sealed: Uint8Array
    mark: Uint8Array
    by: string
    at: Instant
    expires: Instant
  },
): Promise<void> {
  await sql`
    update app.invitation set revoked_at = ${ts(one.at)}::timestamptz
     where vendor_id = ${one.vendor} and email_mark = ${one.mark} and accepted_at is null and revoked_at is null`
  await sql`
    insert into app.invitation (vendor_id, invitation_id, hash, role, sealed, email_mark, invited_by, created_at, expires_at)
    values (${one.vendor}, ${one.invitation}, ${one.hash}, ${one.role}, ${one.sealed}, ${one.mark}, ${one.by},
            ${ts(one.at)}::timestamptz, ${ts(one.expires)}::timestamptz)`
}

export async function revokeInvitation(
  sql: Sql,
  vendor: VendorId,
  invitation: string,
  now: Instant,
): Promise<boolean> {
  const rows = await sql`
    update app.invitation set revoked_at = ${ts(now)}::timestamptz
     where vendor_id = ${vendor} and invitation_id = ${invitation} and accepted_at is null and revoked_at is null
    returning invitation_id`
  return rows.length > 0
}

/** Whose invitation a link is, by its hash alone; null when it is unknown, used, revoked or over. */
export async function invitationOfLink(
  db: Db,
  hash: Uint8Array,
  now: Instant,
): Promise<{ vendor: VendorId; invitation: string } | null> {
  const rows = await once(db, 'invitation.find', 'claim')<{ vendor_id: VendorId; invitation_id: string }>`
    select vendor_id, invitation_id from app.invitation_of_link(${hash}, ${ts(now)}::timestamptz)`
  return rows[0] ? { vendor: rows[0].vendor_id, invitation: rows[0].invitation_id } : null
}

export async function readInvitation(
  sql: Sql,
  vendor: VendorId,
  invitation: string,
): Promise<InvitationRow | null> {
  const rows = await sql<InvitationRow>`
    select invitation_id, role, sealed, invited_by, created_at, expires_at from app.invitation
     where vendor_id = ${vendor} and invitation_id = ${invitation}`
  return rows[0] ?? null
}

/** Takes the invitation for itself; false when somebody was quicker, or it was taken back. */
export async function takeInvitation(
  sql: Sql,
  vendor: VendorId,
  invitation: string,
  now: Instant,
): Promise<boolean> {
  const rows = await sql`
    update app.invitation set accepted_at = ${ts(now)}::timestamptz
     where vendor_id = ${vendor} and invitation_id = ${invitation} and accepted_at is null and revoked_at is null
       and expires_at > ${ts(now)}::timestamptz
    returning invitation_id`
  return rows.length > 0
}
