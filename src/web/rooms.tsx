import {
  createRootRoute,
  createRoute,
  Outlet,
  type RouteComponent,
  retainSearchParams,
} from '@tanstack/react-router'
import { type ComponentType, Suspense } from 'react'
import { aDateName, aDay, anHour, aZone, oneOf, text, yes } from './address.ts'
import { lazily } from './lazily.tsx'
import {
  ANSWERS,
  type Answering,
  type Is,
  MODES,
  type Mode,
  STANDS,
  WEDDINGS,
  type WhenWedding,
} from './screens/designer/modes.ts'
import { PARTS as FORM_PARTS, type Part as FormPart } from './screens/forms/parts.ts'
import { Today } from './screens/today/Today.tsx'
import { Arrival } from './shell/Arrival.tsx'
import { AtTheDoor, Gate } from './shell/Gate.tsx'
import { NotFound } from './shell/NotFound.tsx'
import { NothingMissing, RoomMissing } from './shell/PartMissing.tsx'
import { Shell } from './shell/Shell.tsx'

type MessagesSearch = {
  is?: string
  kind?: string
  journey?: string
  client?: string
  search?: string
  message?: string
  /** A day, of what is planned. */
  on?: string
}

type DesignerSearch = {
  mode?: Mode
  /** The couple through whose eyes one looks, and the step whose panel is open. */
  as?: string
  step?: string
  /** Running ahead: the book instead of the couple, with what if, and the run that was begun. */
  whom?: 'book'
  wedding?: WhenWedding
  answering?: Answering
  job?: string
  /** Drawn unless it is read as a list. */
  seen?: 'list'
  /** Watching: which days, and behind which number one looks. */
  days?: string
  at?: string
  stand?: Is
}

/** Nobody hovers on a phone, so it need not know how. */
const hovers = matchMedia('(hover: hover)').matches
const Tips = lazily(async () => (await import('../ui/Tips.tsx')).Tips, NothingMissing)

/** Every address of the app, written out. Each room is a part of its own and comes when one goes there. */
const root = createRootRoute({
  // Which business one looks at, where somebody works for several: it stays in the address from room to room.
  validateSearch: (given): { business?: string } => text(given, 'business'),
  search: { middlewares: [retainSearchParams(['business'])] },
  component: () => (
    <>
      <Outlet />
      <Arrival />
      <Suspense>{hovers && <Tips />}</Suspense>
    </>
  ),
  notFoundComponent: () => (
    <AtTheDoor>
      <Shell>
        <NotFound />
      </Shell>
    </AtTheDoor>
  ),
})

const house = createRoute({
  getParentRoute: () => root,
  id: 'house',
  component: () => (
    <Gate>
      <Shell />
    </Gate>
  ),
})

/** The room that a file holds by this name: it comes when somebody goes there, or comes near. */
const comes = <Module extends object>(load: () => Promise<Module>, name: keyof Module): RouteComponent =>
  lazily(async () => (await load())[name] as ComponentType, RoomMissing)

const inHouse = [
  createRoute({
    getParentRoute: () => house,
    path: '/',
    staticData: { title: 'Today' },
    // Most loads begin here: it comes with the app and not after it.
    component: Today,
  }),
  createRoute({
    getParentRoute: () => house,
    path: '/weekend',
    staticData: { title: 'Weekend' },
    component: comes(() => import('./screens/weekend/Weekend.tsx'), 'Weekend'),
  }),
  createRoute({
    getParentRoute: () => house,
    path: '/calendar',
    staticData: { title: 'Calendar' },
    component: comes(() => import('./screens/calendar/Calendar.tsx'), 'Calendar'),
  }),
  createRoute({
    getParentRoute: () => house,
    path: '/clients',
    validateSearch: (
      given,
    ): { search?: string; stage?: string; tag?: string; order?: 'wedding'; add?: true } => ({
      ...text(given, 'search'),
      ...text(given, 'stage'),
      ...text(given, 'tag'),
      ...oneOf(given, 'order', ['wedding'] as const),
      ...yes(given, 'add'),
    }),
    staticData: { title: 'Clients' },
    component: comes(() => import('./screens/clients/Clients.tsx'), 'Clients'),
  }),
  createRoute({
    getParentRoute: () => house,
    path: '/clients/import',
    validateSearch: (given): { job?: string } => text(given, 'job'),
    staticData: { title: 'Bring couples in' },
    component: comes(() => import('./screens/clients/ImportCouples.tsx'), 'ImportCouples'),
  }),
  createRoute({
    getParentRoute: () => house,
    path: '/clients/$clientId',
    validateSearch: (given): { show?: 'to_come' | 'needs_you' | 'every'; edit?: string } => ({
      ...oneOf(given, 'show', ['to_come', 'needs_you', 'every'] as const),
      ...text(given, 'edit'),
    }),
    staticData: { title: 'Client' },
    component: comes(() => import('./screens/clients/Client.tsx'), 'Client'),
  }),
  createRoute({
    getParentRoute: () => house,
    path: '/clients/$clientId/start',
    validateSearch: (given): { journey?: string } => text(given, 'journey'),
    staticData: { title: 'Start a journey' },
    component: comes(() => import('./screens/clients/StartJourney.tsx'), 'StartJourney'),
  }),
  createRoute({
    getParentRoute: () => house,
    path: '/clients/$clientId/promises',
    staticData: { title: 'Promises' },
    component: comes(() => import('./screens/clients/Promises.tsx'), 'PromiseReport'),
  }),
  createRoute({
    getParentRoute: () => house,
    path: '/clients/$clientId/move',
    validateSearch: (given): { on?: string; at?: string; zone?: string; hold?: true } => ({
      ...aDay(given, 'on'),
      ...anHour(given, 'at'),
      ...aZone(given, 'zone'),
      ...yes(given, 'hold'),
    }),
    staticData: { title: 'Move the date' },
    component: comes(() => import('./screens/move-date/MoveDate.tsx'), 'MoveDate'),
  }),
  createRoute({
    getParentRoute: () => house,
    path: '/clients/$clientId/date',
    validateSearch: (given): { name?: string; on?: string; at?: string; gone?: true } => ({
      ...aDateName(given, 'name'),
      ...aDay(given, 'on'),
      ...anHour(given, 'at'),
      ...yes(given, 'gone'),
    }),
    staticData: { title: 'A date of theirs' },
    component: comes(() => import('./screens/move-date/ChangeDate.tsx'), 'ChangeDate'),
  }),
  createRoute({
    getParentRoute: () => house,
    path: '/approvals',
    validateSearch: (given): { run?: string; name?: string; whose?: string } => ({
      ...text(given, 'run'),
      ...text(given, 'name'),
      ...text(given, 'whose'),
    }),
    staticData: { title: 'Approvals' },
    component: comes(() => import('./screens/approvals/Approvals.tsx'), 'Approvals'),
  }),
  createRoute({
    getParentRoute: () => house,
    path: '/messages',
    validateSearch: (given): MessagesSearch => ({
      ...text(given, 'is'),
      ...text(given, 'kind'),
      ...text(given, 'journey'),
      ...text(given, 'client'),
      ...text(given, 'search'),
      ...text(given, 'message'),
      ...aDay(given, 'on'),
    }),
    staticData: { title: 'Messages' },
    component: comes(() => import('./screens/messages/Messages.tsx'), 'Messages'),
  }),
  createRoute({
    getParentRoute: () => house,
    path: '/messages/triggers',
    validateSearch: (given): { client?: string; type?: string } => ({
      ...text(given, 'client'),
      ...text(given, 'type'),
    }),
    staticData: { title: 'Trigger history' },
    component: comes(() => import('./screens/messages/Triggers.tsx'), 'Triggers'),
  }),
  createRoute({
    getParentRoute: () => house,
    path: '/journeys',
    validateSearch: (given): { status?: string; category?: string; add?: 'new' | 'file' } => ({
      ...text(given, 'status'),
      ...text(given, 'category'),
      ...oneOf(given, 'add', ['new', 'file'] as const),
    }),
    staticData: { title: 'Journeys' },
    component: comes(() => import('./screens/journeys/Journeys.tsx'), 'Journeys'),
  }),
  createRoute({
    getParentRoute: () => house,
    path: '/journeys/$journeyId',
    validateSearch: (given): DesignerSearch => ({
      ...oneOf(given, 'mode', MODES),
      ...text(given, 'as'),
      ...text(given, 'step'),
      ...oneOf(given, 'whom', ['book'] as const),
      ...oneOf(given, 'wedding', WEDDINGS),
      ...oneOf(given, 'answering', ANSWERS),
      ...text(given, 'job'),
      ...text(given, 'days'),
      ...oneOf(given, 'seen', ['list'] as const),
      ...text(given, 'at'),
      ...oneOf(given, 'stand', STANDS),
    }),
    staticData: { title: 'Designer', works: true },
    component: comes(() => import('./screens/designer/Designer.tsx'), 'Designer'),
  }),
  createRoute({
    getParentRoute: () => house,
    path: '/templates',
    validateSearch: (given): { trade?: string; template?: string; couple?: string; silent?: true } => ({
      ...text(given, 'trade'),
      ...text(given, 'template'),
      ...text(given, 'couple'),
      ...yes(given, 'silent'),
    }),
    staticData: { title: 'Templates' },
    component: comes(() => import('./screens/templates/Templates.tsx'), 'Templates'),
  }),
  createRoute({
    getParentRoute: () => house,
    path: '/begin',
    staticData: { title: 'Setting up' },
    component: comes(() => import('./screens/first-run/FirstRun.tsx'), 'GoOn'),
  }),
  createRoute({
    getParentRoute: () => house,
    path: '/begin/$step',
    validateSearch: (given): { on?: string; template?: string; journey?: string; client?: string } => ({
      ...aDay(given, 'on'),
      ...text(given, 'template'),
      ...text(given, 'journey'),
      ...text(given, 'client'),
    }),
    staticData: { title: 'Setting up' },
    component: comes(() => import('./screens/first-run/FirstRun.tsx'), 'FirstRun'),
  }),
  createRoute({
    getParentRoute: () => house,
    path: '/forms',
    staticData: { title: 'Forms' },
    component: comes(() => import('./screens/forms/Forms.tsx'), 'Forms'),
  }),
  createRoute({
    getParentRoute: () => house,
    path: '/forms/$formId',
    validateSearch: (given): { part?: FormPart; of?: string } => ({
      ...oneOf(given, 'part', FORM_PARTS),
      ...text(given, 'of'),
    }),
    staticData: { title: 'Form' },
    component: comes(() => import('./screens/forms/FormRoom.tsx'), 'FormRoom'),
  }),
  createRoute({
    getParentRoute: () => house,
    path: '/meetings',
    staticData: { title: 'Meetings' },
    component: comes(() => import('./screens/meetings/Meetings.tsx'), 'Meetings'),
  }),
  createRoute({
    getParentRoute: () => house,
    path: '/info-pages',
    staticData: { title: 'Info pages' },
    component: comes(() => import('./screens/info-pages/InfoPages.tsx'), 'InfoPages'),
  }),
  createRoute({
    getParentRoute: () => house,
    path: '/analytics',
    staticData: { title: 'Analytics' },
    component: comes(() => import('./screens/analytics/Analytics.tsx'), 'Analytics'),
  }),
  createRoute({
    getParentRoute: () => house,
    path: '/settings',
    staticData: { title: 'Settings' },
    component: comes(() => import('./screens/settings/Settings.tsx'), 'Settings'),
  }),
  createRoute({
    getParentRoute: () => house,
    path: '/settings/$part',
    staticData: { title: 'Settings' },
    component: comes(() => import('./screens/settings/Settings.tsx'), 'Settings'),
  }),
]

/** Outside the frame: who has no business yet has no rooms either; and the kit stands for itself. */
const onItsOwn = [
  createRoute({
    getParentRoute: () => root,
    path: '/sign-in',
    validateSearch: (given): { back?: string } => text(given, 'back'),
    staticData: { title: 'Sign in' },
    component: comes(() => import('./screens/account/account-routes.tsx'), 'SignInRoute'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/sign-up',
    staticData: { title: 'Set up your business' },
    component: comes(() => import('./screens/account/account-routes.tsx'), 'SignUpRoute'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/reset',
    staticData: { title: 'New password' },
    component: comes(() => import('./screens/account/account-routes.tsx'), 'ResetRoute'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/open',
    staticData: { title: 'Open your business' },
    component: comes(() => import('./screens/account/account-routes.tsx'), 'OpenRoute'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/join',
    staticData: { title: 'Accept the invitation' },
    component: comes(() => import('./screens/account/account-routes.tsx'), 'JoinRoute'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/kit',
    staticData: { title: 'Kit' },
    component: comes(() => import('./screens/kit/Kit.tsx'), 'Kit'),
  }),
]

export const rooms = root.addChildren([house.addChildren(inHouse), ...onItsOwn])
