import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import photographer from '../../examples/photographer-booked-to-wedding.json' with { type: 'json' }
import { addJourney } from '../../src/contract/journeys.ts'
import { type Look, openHouse, type Room } from './house.ts'

// npm run pictures [-- name …]: every screen at 1440 and 390 px, light and dark, into pictures/ (not in git).
const FOLDER = path.join(import.meta.dirname, '../../pictures')

type Shot = {
  readonly name: string
  readonly at: string
  readonly whole?: true
  readonly before?: (room: Room) => Promise<unknown>
}
const SHOTS: readonly Shot[] = [
  { name: 'kit', at: '/kit', whole: true },
  {
    name: 'kit-menu',
    at: '/kit',
    before: ({ page }) => page.getByRole('button', { name: 'Menu' }).first().click(),
  },
  {
    name: 'kit-dialog',
    at: '/kit',
    before: ({ page }) => page.getByRole('button', { name: 'Dialog' }).first().click(),
  },
  {
    name: 'kit-sheet',
    at: '/kit',
    before: ({ page }) => page.getByRole('button', { name: 'Sheet' }).first().click(),
  },
  {
    name: 'kit-date',
    at: '/kit',
    before: ({ page }) =>
      page
        .getByRole('button', { name: /Wedding date/ })
        .first()
        .click(),
  },
  {
    name: 'kit-combobox',
    at: '/kit',
    before: ({ page }) =>
      page
        .getByRole('button', { name: /Venue’s city/ })
        .first()
        .click(),
  },
  {
    name: 'kit-toast',
    at: '/kit',
    before: ({ page }) => page.getByRole('button', { name: 'Toast' }).first().click(),
  },
  { name: 'today', at: '/' },
  { name: 'clients', at: '/clients' },
  { name: 'clients-add', at: '/clients?add=true' },
  { name: 'client', at: '/clients/{couple}' },
  { name: 'move-date', at: '/clients/{couple}/move?on=2027-09-04' },
  { name: 'start-journey', at: '/clients/{couple}/start' },
  { name: 'journeys', at: '/journeys' },
  { name: 'journeys-new', at: '/journeys?add=new' },
  { name: 'designer', at: '/journeys/{journey}' },
  { name: 'designer-panel', at: '/journeys/{journey}?step=questionnaire' },
  { name: 'templates', at: '/templates', whole: true },
  { name: 'settings', at: '/settings', whole: true },
  { name: 'settings-members', at: '/settings/members', whole: true },
  { name: 'settings-keys', at: '/settings/keys', whole: true },
  { name: 'settings-audit', at: '/settings/audit' },
  { name: 'settings-you', at: '/settings/you', whole: true },
  { name: 'not-found', at: '/no/such/room' },
  { name: 'palette', at: '/', before: ({ page }) => page.keyboard.press('Control+k') },
  { name: 'shortcuts', at: '/', before: ({ page }) => page.keyboard.press('?') },
  { name: 'offline', at: '/', before: ({ context }) => context.setOffline(true) },
  { name: 'sign-in', at: '/sign-in' },
  {
    name: 'sign-in-wrong',
    at: '/sign-in',
    before: ({ page }) => page.getByRole('button', { name: 'Sign in' }).click(),
  },
  { name: 'sign-up', at: '/sign-up' },
  { name: 'open', at: '/open#Zm9yLXRoZS1waWN0dXJlcy1vbmx5LW5vdC1hLWtleQ', whole: true },
  { name: 'reset', at: '/reset' },
  { name: 'join', at: '/join#Zm9yLXRoZS1waWN0dXJlcy1vbmx5LW5vdC1hLWtleQ' },
  {
    name: 'more',
    at: '/',
    before: async ({ page }) => {
      const more = page.getByRole('button', { name: 'More' })
      if (await more.isVisible()) await more.click()
    },
  },
]

const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const house = await openHouse()
const { api, vendor } = house.owner()
const { data: drawn } = await api(addJourney, {
  params: { vendor },
  body: { document: photographer as Record<string, unknown> },
})
await mkdir(FOLDER, { recursive: true })
let count = 0
for (const shot of SHOTS.filter(({ name }) => wanted.length === 0 || wanted.includes(name)))
  for (const width of [1440, 390] as const)
    for (const dark of [false, true]) {
      const look: Look = { width, dark }
      const room = await house.room(
        shot.at.replace('{couple}', house.couple).replace('{journey}', drawn.id),
        look,
      )
      await shot.before?.(room)
      await room.page.waitForLoadState('networkidle')
      const file = `${shot.name}-${width}${dark ? '-dark' : ''}.png`
      await room.page.screenshot({ path: path.join(FOLDER, file), fullPage: shot.whole ?? false })
      await room.context.close()
      count += 1
    }
await house.close()
console.log(
  process.argv.includes('--json')
    ? JSON.stringify({ pictures: count, folder: FOLDER })
    : `${count} pictures in ${FOLDER}`,
)
