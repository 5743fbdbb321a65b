import { z } from 'zod'
import { email } from './accounts.ts'
import { done, moment, ofVendor, operation, uuid } from './operation.ts'
import { ROLES } from './permission.ts'

/** Who works for a vendor, and who was asked to. */
const role = z.enum(ROLES)
const member = z.object({ id: uuid, name: z.string(), email: z.string(), role, since: moment })
const invitation = z.object({
  id: uuid,
  email: z.string(),
  role,
  by: z.string(),
  at: moment,
  expires: moment,
})

export const listMembers = operation({
  id: 'members.list',
  method: 'get',
  path: '/vendors/{vendor}/members',
  summary: 'Who works here',
  needs: 'members:read',
  params: ofVendor,
  answer: z.object({
    items: z.array(
      member.extend({
        etag: z.string().describe('How they are seen here: send it as If-Match to change it.'),
      }),
    ),
  }),
})

const oneMember = ofVendor.extend({ member: uuid })

export const changeMember = operation({
  id: 'members.change',
  method: 'patch',
  path: '/vendors/{vendor}/members/{member}',
  summary: "Change a member's role. The last owner stays owner",
  needs: 'members:write',
  params: oneMember,
  body: z.strictObject({ role }),
  answer: member,
  etag: 'needs',
})

export const removeMember = operation({
  id: 'members.remove',
  method: 'delete',
  path: '/vendors/{vendor}/members/{member}',
  summary: 'Let a member go: from this moment they see nothing here',
  needs: 'members:write',
  params: oneMember,
  answer: done,
  status: 204,
  etag: 'asks',
})

export const listInvitations = operation({
  id: 'invitations.list',
  method: 'get',
  path: '/vendors/{vendor}/invitations',
  summary: 'Who was invited and has not answered yet',
  needs: 'members:read',
  params: ofVendor,
  answer: z.object({ items: z.array(invitation) }),
})

export const invite = operation({
  id: 'invitations.make',
  method: 'post',
  path: '/vendors/{vendor}/invitations',
  summary: 'Invite somebody by mail; the link works once, within seven days',
  needs: 'members:write',
  params: ofVendor,
  body: z.strictObject({ email, role }),
  answer: invitation,
  status: 201,
})

export const revokeInvitation = operation({
  id: 'invitations.revoke',
  method: 'delete',
  path: '/vendors/{vendor}/invitations/{invitation}',
  summary: 'Take an invitation back',
  needs: 'members:write',
  params: ofVendor.extend({ invitation: uuid }),
  answer: done,
  status: 204,
})
