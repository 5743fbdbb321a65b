/**
 * Who may do what, in one table: the API asks it, the screens show by it, docs/permissions.md is compared with it.
 * A scope of an API key is one of these permissions.
 */
export const ROLES = ['owner', 'manager', 'assistant', 'viewer'] as const
export type Role = (typeof ROLES)[number]

const EVERYBODY = ROLES
const WORKING = ['owner', 'manager', 'assistant'] as const
const LEADING = ['owner', 'manager'] as const
const OWNING = ['owner'] as const

export const PERMISSIONS = {
  'vendor:read': { says: 'see the business and its settings', roles: EVERYBODY },
  'vendor:write': { says: 'change the business and its settings', roles: LEADING },
  'members:read': { says: 'see who works here', roles: EVERYBODY },
  'members:write': { says: 'invite people, change roles, let people go', roles: OWNING },
  'keys:read': { says: 'see API keys (never the keys themselves)', roles: LEADING },
  'keys:write': { says: 'make and revoke API keys', roles: OWNING },
  'clients:read': { says: 'see couples and their people', roles: EVERYBODY },
  'clients:write': { says: 'add couples and change them', roles: WORKING },
  'journeys:read': { says: 'see journeys, and look ahead with them', roles: EVERYBODY },
  'journeys:write': { says: 'design journeys: write drafts', roles: WORKING },
  'journeys:publish': { says: 'publish journeys, take them back, pause and archive them', roles: LEADING },
  'runs:read': { says: 'see where couples are in their journeys, and why', roles: EVERYBODY },
  'runs:write': {
    says: 'put couples on journeys; pause, skip, move and stop them; hold everything',
    roles: WORKING,
  },
  'weddings:write': { says: 'change weddings and move their dates', roles: WORKING },
  'forms:read': { says: 'see forms, and who has not answered', roles: EVERYBODY },
  'forms:write': { says: 'design and publish forms, and make their links', roles: WORKING },
  'answers:read': { says: 'read what couples answered', roles: WORKING },
  'work:read': { says: 'see approvals, tasks, notices and what could not be sent', roles: EVERYBODY },
  'work:write': { says: 'approve, finish tasks, send again what could not be sent', roles: WORKING },
  'messages:read': { says: 'see what was sent to whom and when', roles: EVERYBODY },
  'messages:open': { says: 'read what messages say', roles: WORKING },
  'events:read': { says: 'see what happened and what it started', roles: EVERYBODY },
  'events:write': { says: 'tell that something happened', roles: WORKING },
  'incoming:read': { says: 'see which other systems call, and what they told', roles: EVERYBODY },
  'incoming:write': { says: 'make addresses for other systems, change and remove them', roles: LEADING },
  'audit:read': { says: 'see who changed what', roles: LEADING },
} as const satisfies { readonly [name: string]: { readonly says: string; readonly roles: readonly Role[] } }

export type Permission = keyof typeof PERMISSIONS
export const PERMISSION_NAMES = Object.keys(PERMISSIONS) as [Permission, ...Permission[]]

export const roleMay = (role: Role, permission: Permission): boolean =>
  (PERMISSIONS[permission].roles as readonly Role[]).includes(role)

export const permissionsOf = (role: Role): readonly Permission[] =>
  PERMISSION_NAMES.filter((one) => roleMay(role, one))

/** The same table for people to read. */
export function permissionTable(): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    row(['permission', 'what it allows', ...ROLES]),
    row(['---', '---', ...ROLES.map(() => ':-:')]),
    ...PERMISSION_NAMES.map((name) =>
      row([
        `\`${name}\``,
        PERMISSIONS[name].says,
        ...ROLES.map((role) => (roleMay(role, name) ? 'yes' : '–')),
      ]),
    ),
  ].join('\n')
}
