import { randomBytes } from 'node:crypto'
import type { Accounts } from '../../accounts/accounts.ts'
import { invitationLetter } from '../../accounts/words.ts'
import {
  changeMember,
  invite,
  listInvitations,
  listMembers,
  removeMember,
  revokeInvitation,
} from '../../contract/members.ts'
import { Refusal } from '../../core/refusal.ts'
import { isoOf } from '../../core/time/instant.ts'
import {
  changeMemberIn,
  INVITATION_MS,
  type Invited,
  invitationsOf,
  inviteIn,
  type Member,
  membersOf,
} from '../../engine/members.ts'
import { settingsOf } from '../../engine/settings.ts'
import { revokeInvitation as revoke } from '../../store/members.ts'
import { etagOf } from '../frame/etag.ts'
import { changes, type Route, reads } from '../frame/route.ts'

const LINK_BYTES = 32
const member = (one: Member) => ({ ...one, since: isoOf(one.since) })
/** As an answer shows them: what is told apart by their ETag. */
const seen = (one: Member) => changeMember.answer.parse(member(one))
const invitation = (one: Invited) => ({ ...one, at: isoOf(one.at), expires: isoOf(one.expires) })

export const memberRoutes = (accounts: Accounts | null, url: string): readonly Route[] => [
  reads(listMembers, async ({ engine, vendor }) => ({
    items: await engine.db.read('member.list', { vendors: [vendor] }, async (sql) =>
      (await membersOf(engine, sql, vendor)).map((one) => ({ ...seen(one), etag: etagOf(seen(one)) })),
    ),
  })),
  changes(changeMember, async (at, { params, body }) => {
    const { engine, sql, vendor } = at
    const after = await changeMemberIn(engine, sql, vendor, params.member, body.role, (one) =>
      at.mustBeSeen(member(one)),
    )
    at.audit('member.changed', params.member, { role: body.role })
    return member(after)
  }),
  changes(removeMember, async (at, { params }) => {
    const { engine, sql, vendor } = at
    await changeMemberIn(engine, sql, vendor, params.member, null, (one) =>
      at.mustBeSeen(member(one), changeMember.answer),
    )
    at.audit('member.removed', params.member)
    return null
  }),
  reads(listInvitations, async ({ engine, vendor }) => ({
    items: await engine.db.read('invitation.list', { vendors: [vendor] }, async (sql) =>
      (await invitationsOf(engine, sql, vendor)).map(invitation),
    ),
  })),
  changes(invite, async (at, { body }) => {
    if (accounts === null) throw new Refusal('setup', 'Nobody can sign in here.')
    const link = randomBytes(LINK_BYTES).toString('base64url')
    const made = await inviteIn(at.engine, at.sql, at.vendor, { ...body, by: at.actor, link })
    const { name } = await settingsOf(at.sql, at.vendor)
    at.audit('member.invited', made.id, { role: body.role })
    at.after(() =>
      accounts.post(
        invitationLetter({ address: made.email, name: '' }, name, body.role, `${url}/join#${link}`),
        INVITATION_MS,
      ),
    )
    return invitation(made)
  }),
  changes(revokeInvitation, async (at, { params }) => {
    if (!(await revoke(at.sql, at.vendor, params.invitation, at.now)))
      throw new Refusal('not_found', 'There is no open invitation with this id.')
    at.audit('invitation.revoked', params.invitation)
    return null
  }),
]
