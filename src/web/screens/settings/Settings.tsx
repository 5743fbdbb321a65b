import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Settings2 } from 'lucide-react'
import { type ComponentType, useEffect, useRef } from 'react'
import { listAudit } from '../../../contract/audit.ts'
import { readBrand } from '../../../contract/brand.ts'
import { readChannels } from '../../../contract/channels.ts'
import { listIncoming } from '../../../contract/incoming.ts'
import { listKeys } from '../../../contract/keys.ts'
import { listMembers } from '../../../contract/members.ts'
import type { Operation } from '../../../contract/operation.ts'
import { readVendor } from '../../../contract/vendors.ts'
import { classNames } from '../../../ui/class-names.ts'
import { Eyebrow, Lede } from '../../../ui/Type.tsx'
import { useHere } from '../../session.ts'
import { useActs } from '../../shell/commands.ts'
import { AuditTrail } from './AuditTrail.tsx'
import { BusinessSettings } from './BusinessSettings.tsx'
import { Channels } from './Channels.tsx'
import { Incoming } from './incoming/Incoming.tsx'
import { Keys } from './Keys.tsx'
import { Letters } from './Letters.tsx'
import { Members } from './Members.tsx'
import { ThisDevice } from './ThisDevice.tsx'
import { You } from './You.tsx'

type Part = {
  readonly path: string
  readonly name: string
  readonly lede: string
  /** Shown to those whom the server would answer this. */
  readonly asks: Operation | null
  readonly content: ComponentType
}
const PARTS: readonly Part[] = [
  {
    path: 'business',
    name: 'Business',
    lede: 'When you work, and when your couples hear from you.',
    asks: readVendor,
    content: BusinessSettings,
  },
  {
    path: 'letters',
    name: 'Look of emails',
    lede: 'How your emails look, and how they end.',
    asks: readBrand,
    content: Letters,
  },
  {
    path: 'channels',
    name: 'Channels',
    lede: 'By which ways your messages leave, and whether they do.',
    asks: readChannels,
    content: Channels,
  },
  {
    path: 'members',
    name: 'Members',
    lede: 'Who works here, and what each may do.',
    asks: listMembers,
    content: Members,
  },
  {
    path: 'keys',
    name: 'API keys',
    lede: 'The programs that speak for your business.',
    asks: listKeys,
    content: Keys,
  },
  {
    path: 'incoming',
    name: 'Incoming calls',
    lede: 'Other systems that tell you what happened.',
    asks: listIncoming,
    content: Incoming,
  },
  {
    path: 'audit',
    name: 'Record',
    lede: 'Who changed what, the newest first.',
    asks: listAudit,
    content: AuditTrail,
  },
  {
    path: 'you',
    name: 'You',
    lede: 'How you sign in, and where you are signed in.',
    asks: null,
    content: You,
  },
  {
    path: 'device',
    name: 'This device',
    lede: 'How the house looks and listens here.',
    asks: null,
    content: ThisDevice,
  },
]

export function Settings() {
  const { part } = useParams({ strict: false })
  const { may, role } = useHere()
  const parts = PARTS.filter((one) => one.asks === null || may(one.asks))
  const asked = part ?? 'business'
  const here = parts.find((one) => one.path === asked)
  const Content = here?.content
  const go = useNavigate()
  useActs(
    parts
      .filter((one) => one.path !== asked)
      .map(({ path, name, lede }) => ({
        label: `Settings: ${name}`,
        icon: Settings2,
        also: lede.toLowerCase().split(/\W+/),
        run: () => void go({ to: '/settings/$part', params: { part: path } }),
      })),
  )
  const strip = useRef<HTMLElement>(null)
  useEffect(() => showIn(strip.current, asked), [asked])
  return (
    <>
      <Eyebrow>Settings</Eyebrow>
      <Lede>{here?.lede ?? 'There is nothing for you here.'}</Lede>
      <div className="mt-5 grid gap-x-10 gap-y-5 md:grid-cols-[152px_minmax(0,860px)]">
        <nav
          ref={strip}
          aria-label="Settings"
          className="-mx-5 overflow-x-auto px-5 md:mx-0 md:overflow-visible md:px-0"
        >
          <ul className="flex gap-1 md:sticky md:top-[76px] md:grid">
            {parts.map((one) => (
              <li key={one.path} data-part={one.path}>
                <Link
                  to="/settings/$part"
                  params={{ part: one.path }}
                  aria-current={one.path === asked ? 'page' : undefined}
                  className={classNames(
                    'flex h-8 items-center rounded-sm px-2.5 whitespace-nowrap touch:h-11',
                    one.path === asked ? 'bg-selected font-strong' : 'hover:bg-muted',
                  )}
                >
                  {one.name}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <div className="grid min-w-0 content-start gap-6">
          {Content ? (
            <Content />
          ) : (
            <p className="text-muted-foreground">
              {PARTS.some((one) => one.path === asked)
                ? `As ${role} you do not see this part. An owner can change your role.`
                : 'The link may be old.'}
            </p>
          )}
        </div>
      </div>
    </>
  )
}

/** On a phone the parts stand on one strip that is wider than it: the open one is moved into the middle of it. */
function showIn(strip: HTMLElement | null, part: string): void {
  const one = strip?.querySelector<HTMLElement>(`[data-part="${part}"]`)
  if (strip && one) strip.scrollLeft = one.offsetLeft - (strip.clientWidth - one.offsetWidth) / 2
}
