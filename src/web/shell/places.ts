import {
  BookOpen,
  CalendarDays,
  ChartNoAxesColumn,
  ClipboardList,
  Eye,
  LayoutTemplate,
  Route,
  Send,
  SlidersHorizontal,
  Sun,
  Users,
  Video,
} from 'lucide-react'
import type { IconShape } from '../../ui/Icon.tsx'
import { Rings } from './Rings.tsx'

/** The rooms of the house: the sidebar, the bottom bar, the palette and the keys are all drawn from this list. */
export type Place = {
  readonly path: string
  readonly name: string
  readonly icon: IconShape
  /** Pressed after G. */
  readonly key: string
  readonly group: 'top' | 'Couples' | 'Automation' | 'Looking back' | 'foot'
  readonly onPhone?: true
  /** A room that opens in a later version: offered quietly. */
  readonly later?: true
}

export const PLACES: readonly Place[] = [
  { path: '/', name: 'Today', icon: Sun, key: 'T', group: 'top', onPhone: true },
  { path: '/weekend', name: 'Weekend', icon: Rings, key: 'W', group: 'top', onPhone: true },
  { path: '/calendar', name: 'Calendar', icon: CalendarDays, key: 'K', group: 'top', later: true },
  { path: '/approvals', name: 'Approvals', icon: Eye, key: 'A', group: 'Couples', onPhone: true },
  { path: '/clients', name: 'Clients', icon: Users, key: 'C', group: 'Couples', onPhone: true },
  { path: '/messages', name: 'Messages', icon: Send, key: 'M', group: 'Couples' },
  { path: '/journeys', name: 'Journeys', icon: Route, key: 'J', group: 'Automation' },
  { path: '/templates', name: 'Templates', icon: LayoutTemplate, key: 'L', group: 'Automation' },
  { path: '/forms', name: 'Forms', icon: ClipboardList, key: 'F', group: 'Automation' },
  { path: '/meetings', name: 'Meetings', icon: Video, key: 'E', group: 'Automation', later: true },
  { path: '/info-pages', name: 'Info pages', icon: BookOpen, key: 'I', group: 'Automation', later: true },
  {
    path: '/analytics',
    name: 'Analytics',
    icon: ChartNoAxesColumn,
    key: 'Y',
    group: 'Looking back',
    later: true,
  },
  { path: '/settings', name: 'Settings', icon: SlidersHorizontal, key: 'S', group: 'foot' },
]

/** Said at the end of its row, so that nobody expects more than there is. */
export const LATER =
  "after:ml-auto after:text-micro after:font-normal after:text-muted-foreground after:content-['later']"

/** A place is where one is on its own address and on everything below it. */
export const isAt = (place: Place, pathname: string): boolean =>
  place.path === '/' ? pathname === '/' : pathname === place.path || pathname.startsWith(`${place.path}/`)
