import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { signed } from '../../src/channels/webhook/signature.ts'
import { listAnswers } from '../../src/contract/answers.ts'
import { listClients } from '../../src/contract/clients.ts'
import { listForms, listUnanswered } from '../../src/contract/forms.ts'
import { listJourneys } from '../../src/contract/journeys.ts'
import { listMessages, readMessage } from '../../src/contract/messages.ts'
import { loadSample, readSample } from '../../src/contract/sample.ts'
import { listDeadLetters } from '../../src/contract/work.ts'
import { instant, instantFrom } from '../../src/core/time/instant.ts'
import { type House, type Look, openHouse, type Room } from './house.ts'

// npm run pictures [-- name …]: every screen at 1440 and 390 px, light and dark, into pictures/ (not in git): of the
// sample studio, at a clock that always shows the same morning.
const FOLDER = path.join(import.meta.dirname, '../../pictures')

const THAT_MORNING = instantFrom('2027-06-10T08:42:00Z')
/** The house's clock begins there and goes on. */
const shift = THAT_MORNING - Date.now()
const SAMPLE_WITHIN_MS = 600_000
const LOOKED_EVERY_MS = 500
/** They marry in four weeks: a past, a present and a future. */
const COUPLE = 'Ruby Chen'
/** They are married, and never sent their questionnaire: what was promised to them has come, or has not. */
const MARRIED = 'Sofia Marchetti'

type Shot = {
  readonly name: string
  readonly at: string
  readonly whole?: true
  /** Of a business that has only just been opened; the others are of the sample studio. */
  readonly new?: true
  readonly before?: (room: Room) => Promise<unknown>
}
async function makeAddress({ page }: Room): Promise<void> {
  await page.getByRole('button', { name: 'Make an address' }).click()
  await page.getByLabel('What calls?').fill('Website form')
  await page.getByRole('dialog').getByRole('button', { name: 'Make the address' }).click()
  await page.getByText('shown this once').waitFor()
}
const PALETTE = 'A couple, a journey, a message, or what to do'
/** By the palette, which a phone has, too; whoever looks next finds it so. */
let isHeld = false
async function holdEverything({ page }: Room): Promise<void> {
  const held = page.getByText('Everything is held since')
  if (isHeld) return held.waitFor()
  isHeld = true
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder(PALETTE).fill('Hold everything')
  await page.getByRole('option', { name: 'Hold everything' }).click()
  await held.waitFor()
}
const CALLS = [
  '{"email": "", "name": "Anna"}',
  '{"email": "anna@example.org"}',
  '{"email": "anna@example.org", "name": "Anna"}',
  '',
  '',
  '{"email": "anna@example.org", "name": "Anna"}',
]

async function tickAll({ page }: Room): Promise<void> {
  await page.getByLabel('Select all').click()
  await page.getByText(/^\d+ of \d+ selected$/).waitFor()
}
async function sayOtherwise(room: Room): Promise<void> {
  await tickAll(room)
  await room.page.getByRole('button', { name: 'Say it otherwise' }).click()
  const subject = room.page.getByRole('dialog').getByLabel('Subject')
  await subject.fill(`${await subject.inputValue()}, and a word more`)
  // The words on the right follow those on the left a moment later.
  await room.page.getByRole('dialog').getByText(', and a word more').first().waitFor()
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
  { name: 'weekend', at: '/weekend' },
  { name: 'approvals', at: '/approvals' },
  { name: 'messages', at: '/messages' },
  { name: 'messages-planned', at: '/messages?is=planned' },
  { name: 'messages-ticked', at: '/messages?is=planned', before: tickAll },
  { name: 'messages-otherwise', at: '/messages?is=planned', before: sayOtherwise },
  { name: 'messages-received', at: '/messages?is=received' },
  { name: 'messages-not-sent', at: '/messages?is=not_sent' },
  { name: 'messages-left-out', at: '/messages?is=left_out' },
  {
    name: 'messages-opened',
    at: '/messages',
    before: ({ page }) => page.getByRole('table').getByRole('link').first().click(),
  },
  { name: 'messages-triggers', at: '/messages/triggers' },
  { name: 'clients', at: '/clients' },
  {
    name: 'clients-job',
    at: '/clients?stage=booked',
    before: async (room) => {
      await tickAll(room)
      const { page } = room
      await page.getByRole('button', { name: 'With them' }).click()
      await page.getByRole('menuitem', { name: 'Add a tag …' }).click()
      await page.getByLabel('Tag', { exact: true }).last().fill('summer')
      await page.getByRole('button', { name: 'Tag them' }).click()
      await page.getByText(/ “summer”: /).waitFor()
    },
  },
  {
    name: 'clients-otherwise',
    at: '/clients?stage=booked',
    before: async (room) => {
      await tickAll(room)
      await room.page.getByRole('button', { name: 'With them' }).click()
      await room.page.getByRole('menuitem', { name: 'Say a message otherwise …' }).click()
      await room.page.getByRole('dialog').getByLabel('As it reaches').waitFor()
    },
  },
  { name: 'clients-add', at: '/clients?add=true' },
  { name: 'client', at: '/clients/{couple}' },
  {
    name: 'client-happened',
    at: '/clients/{couple}',
    before: ({ page }) => page.getByRole('button', { name: 'Something happened' }).click(),
  },
  { name: 'client-undelivered', at: '/clients/{undelivered}' },
  { name: 'move-date', at: '/clients/{couple}/move?on=2027-09-04' },
  { name: 'change-date', at: '/clients/{couple}/date?name=due:balance&on=2027-08-04' },
  { name: 'start-journey', at: '/clients/{couple}/start' },
  { name: 'promises', at: '/clients/{married}/promises', whole: true },
  { name: 'promises-none', at: '/clients/{couple}/promises', new: true },
  { name: 'client-married', at: '/clients/{married}' },
  { name: 'journeys', at: '/journeys', whole: true },
  { name: 'journeys-new', at: '/journeys?add=new' },
  { name: 'designer', at: '/journeys/{journey}' },
  {
    name: 'designer-panel',
    at: '/journeys/{journey}',
    before: ({ page }) => page.locator('[data-step]').nth(1).click(),
  },
  { name: 'designer-simulate', at: '/journeys/{journey}?mode=simulate' },
  { name: 'designer-live', at: '/journeys/{journey}?mode=live' },
  { name: 'designer-live-days', at: '/journeys/{journey}?mode=live&days=2026-09-01..2026-09-30' },
  { name: 'designer-live-list', at: '/journeys/{journey}?mode=live&seen=list' },
  { name: 'designer-publish', at: '/journeys/{journey}?mode=publish' },
  { name: 'templates', at: '/templates', whole: true },
  { name: 'client-asked', at: '/clients/{asked}' },
  { name: 'client-answered', at: '/clients/{answered}' },
  { name: 'forms', at: '/forms' },
  { name: 'form', at: '/forms/{form}', whole: true },
  {
    name: 'form-question',
    at: '/forms/{form}',
    before: ({ page }) => page.getByText('Where is the other one of you?').click(),
  },
  { name: 'form-preview', at: '/forms/{form}?part=preview' },
  { name: 'form-answers', at: '/forms/{form}?part=answers' },
  { name: 'form-answer', at: '/forms/{form}?part=answers&of={answered}' },
  { name: 'form-waiting', at: '/forms/{form}?part=waiting' },
  { name: 'designer-form', at: '/journeys/{journey}?step=questionnaire' },
  { name: 'page-form', at: '{asked page}', whole: true },
  { name: 'page-form-people', at: '{asked page}?step=3', whole: true },
  {
    name: 'page-form-wrong',
    at: '{asked page}?step=2',
    whole: true,
    before: async ({ page }) => {
      await page.getByLabel('How many of you').fill('about ninety')
      await page.getByRole('button', { name: 'Go on' }).click()
      await page.getByText('This is not a number.').waitFor()
    },
  },
  { name: 'page-form-answered', at: '{answered page}', whole: true },
  { name: 'page-form-closed', at: '{closed page}', whole: true },
  {
    name: 'form-new',
    at: '/forms',
    new: true,
    before: async ({ page }) => {
      const known = page.getByRole('table').getByRole('link').first()
      await page.getByRole('button', { name: 'New form' }).first().waitFor()
      if (await known.isVisible()) return known.click()
      await page.getByRole('button', { name: 'New form' }).first().click()
      await page.getByLabel('Its name').fill('Final details')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { level: 1, name: 'Final details' }).waitFor()
    },
  },
  { name: 'begin-week', at: '/begin/week', new: true, whole: true },
  { name: 'begin-template', at: '/begin/template', new: true, whole: true },
  { name: 'begin-couple', at: '/begin/couple', new: true, whole: true },
  { name: 'import', at: '/clients/import', new: true },
  { name: 'settings', at: '/settings', whole: true },
  {
    name: 'settings-hours',
    at: '/settings',
    before: async ({ page }) => {
      await page.getByLabel('Email from').fill('11:30')
      await page.getByLabel('Email until').fill('18:00')
      await page.getByRole('button', { name: 'Save the changes' }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  { name: 'settings-letters', at: '/settings/letters', whole: true },
  { name: 'settings-channels', at: '/settings/channels', whole: true },
  {
    name: 'settings-own-mail',
    at: '/settings/channels',
    whole: true,
    before: ({ page }) => page.getByRole('button', { name: 'Use your own mail server' }).click(),
  },
  {
    name: 'settings-returns',
    at: '/settings/channels',
    whole: true,
    before: async ({ page }) => {
      const open = page.getByRole('button', { name: 'Hear what comes back' })
      if (await open.isVisible()) {
        await open.click()
        await page.getByLabel('Mail domain for returns').fill('returns.lumen.example')
        await page.getByRole('button', { name: 'Keep this domain' }).click()
      }
      await page.getByText('How mail for returns.lumen.example comes here').click()
    },
  },
  { name: 'settings-members', at: '/settings/members', whole: true },
  { name: 'settings-keys', at: '/settings/keys', whole: true },
  {
    name: 'settings-keys-form',
    at: '/settings/keys',
    whole: true,
    before: ({ page }) => page.getByRole('button', { name: 'Make the key' }).click(),
  },
  {
    name: 'settings-incoming',
    at: '/settings/incoming',
    whole: true,
    before: makeAddress,
  },
  {
    name: 'settings-incoming-calls',
    at: '/settings/incoming',
    before: async (room) => {
      await makeAddress(room)
      const { page } = room
      const secret = await page.locator('code', { hasText: 'whsec_' }).textContent()
      const url = await page.locator('li code').last().textContent()
      for (const [id, body] of CALLS.entries()) {
        const headers = signed([secret ?? ''], `${id % 3}`, instant(Date.now() + shift), body)
        await fetch(url ?? '', { method: 'POST', body, headers })
      }
      await page
        .getByRole('button', { name: /^Last calls/ })
        .last()
        .click()
      await page.getByText('Taken', { exact: true }).first().waitFor()
    },
  },
  {
    name: 'settings-incoming-form',
    at: '/settings/incoming',
    before: ({ page }) => page.getByRole('button', { name: 'Make an address' }).click(),
  },
  { name: 'settings-audit', at: '/settings/audit' },
  { name: 'settings-you', at: '/settings/you', whole: true },
  { name: 'not-found', at: '/no/such/room' },
  { name: 'palette', at: '/', before: ({ page }) => page.keyboard.press('Control+k') },
  {
    name: 'palette-found',
    at: '/',
    before: async ({ page }) => {
      await page.keyboard.press('Control+k')
      await page.getByPlaceholder(PALETTE).fill('we')
      await page.getByText('Journeys', { exact: true }).last().waitFor()
    },
  },
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
  // Last: it stays so.
  { name: 'held', at: '/', before: holdEverything },
]

/** The three that the README shows, small enough to lie in git: npm run pictures -- --readme. */
const OF_README = ['today', 'designer-panel', 'move-date']
const README_FOLDER = path.join(import.meta.dirname, '../../docs/pictures')
const README_QUALITY = 0.86
const isForReadme = process.argv.includes('--readme')

const wanted = isForReadme ? OF_README : process.argv.slice(2).filter((word) => !word.startsWith('--'))
const house = await openHouse({ at: THAT_MORNING })
const sample = await sampleStudio(house)
const folder = isForReadme ? README_FOLDER : FOLDER
await mkdir(folder, { recursive: true })
const LOOKS: readonly Look[] = ([1440, 390] as const)
  .flatMap((width) => [false, true].map((dark) => ({ width, dark })))
  .filter(({ width, dark }) => !isForReadme || (width === 1440 && !dark))
let count = 0
for (const shot of SHOTS.filter(({ name }) => wanted.length === 0 || wanted.includes(name)))
  for (const look of LOOKS) {
    const room = await house.room(addressOf(shot), look)
    await shot.before?.(room)
    await room.settled()
    if (isForReadme) await writeFile(path.join(folder, `${shot.name}.webp`), await small(room))
    else {
      const file = `${shot.name}-${look.width}${look.dark ? '-dark' : ''}.png`
      await room.page.screenshot({ path: path.join(folder, file), fullPage: shot.whole ?? false })
    }
    await room.context.close()
    count += 1
  }
await house.close()
console.log(
  process.argv.includes('--json')
    ? JSON.stringify({ pictures: count, folder })
    : `${count} pictures in ${folder}`,
)

type Sample = {
  readonly vendor: string
  readonly couple: string
  readonly married: string
  readonly journey: string
  /** A couple to whom something could not be delivered. */
  readonly undelivered: string
  readonly form: string
  /** Who has begun to answer, who has answered, and who never did: the couple, and their page of the form. */
  readonly asked: string
  readonly answered: string
  readonly pages: { readonly [who in 'asked' | 'answered' | 'closed']: string }
}
async function sampleStudio(here: House): Promise<Sample> {
  const { api } = here.owner()
  await api(loadSample, {})
  for (const until = performance.now() + SAMPLE_WITHIN_MS; performance.now() < until; ) {
    const { vendor } = (await api(readSample, {})).data
    if (vendor) {
      const found = await api(listClients, { params: { vendor }, query: { search: COUPLE } })
      const married = await api(listClients, { params: { vendor }, query: { search: MARRIED } })
      const journeys = (await api(listJourneys, { params: { vendor } })).data.items
      const longest = journeys.find((one) => one.key.includes('booked')) ?? journeys[0]
      const dead = (await api(listDeadLetters, { params: { vendor } })).data.items[0]
      const form = (await api(listForms, { params: { vendor } })).data.items[0]?.id ?? ''
      const ofForm = { params: { vendor, form } }
      const begun = (await api(listUnanswered, ofForm)).data.items.filter(({ savedAt }) => savedAt !== null)
      const asked = begun.at(-1)?.client ?? ''
      const answered =
        (await api(listAnswers, { ...ofForm, query: { limit: 1 } })).data.items[0]?.client ?? ''
      const page = (client: string): Promise<string> => pageIn(api, vendor, client)
      return {
        form,
        asked,
        answered,
        pages: {
          asked: await page(asked),
          answered: await page(answered),
          closed: await page(married.data.items[0]?.id ?? ''),
        },
        vendor,
        couple: found.data.items[0]?.id ?? '',
        married: married.data.items[0]?.id ?? '',
        journey: longest?.id ?? '',
        undelivered: dead?.client ?? '',
      }
    }
    await new Promise((resolve) => setTimeout(resolve, LOOKED_EVERY_MS))
  }
  throw new Error('The sample studio did not come.')
}

/** Where the button of their letter leads. */
async function pageIn(
  api: ReturnType<House['owner']>['api'],
  vendor: string,
  client: string,
): Promise<string> {
  const params = { vendor }
  const { data } = await api(listMessages, { params, query: { client, limit: 200 } })
  const letter = data.items.find(({ node }) => node === 'questionnaire')
  if (!letter) throw new Error('They were never asked.')
  const { content } = (await api(readMessage, { params: { ...params, message: letter.id } })).data
  return /\/f\/[\w-]{64}/.exec(String(content?.text))?.[0] ?? ''
}

/** In the sample's rooms unless it is about a new business, or about nobody's: the kit, and what stands at the door. */
function addressOf(shot: Shot): string {
  const [address = '', hash] = shot.at
    .replace('{couple}', shot.new ? house.couple : sample.couple)
    .replace('{married}', sample.married)
    .replace('{journey}', sample.journey)
    .replace('{undelivered}', sample.undelivered)
    .replace('{form}', sample.form)
    .replace('{asked}', sample.asked)
    .replace('{answered}', sample.answered)
    .replace(/^\{(asked|answered|closed) page\}/, (_, who: keyof Sample['pages']) => sample.pages[who])
    .split('#')
  const own = shot.new || /^\/(kit|sign|open|reset|join|f\/)/.test(address)
  const business = own ? '' : `${address.includes('?') ? '&' : '?'}business=${sample.vendor}`
  return `${address}${business}${hash === undefined ? '' : `#${hash}`}`
}

/** As WebP, a fifth of the PNG; written by the browser, so that nothing has to be installed for it. */
async function small({ page, context }: Room): Promise<Buffer> {
  const png = (await page.screenshot()).toString('base64')
  const desk = await context.newPage()
  const webp = await desk.evaluate(`(async () => {
    const bytes = Uint8Array.from(atob('${png}'), (sign) => sign.charCodeAt(0))
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
    const canvas = new OffscreenCanvas(picture.width, picture.height)
    canvas.getContext('2d').drawImage(picture, 0, 0)
    const blob = await canvas.convertToBlob({ type: 'image/webp', quality: ${README_QUALITY} })
    return btoa(Array.from(new Uint8Array(await blob.arrayBuffer()), (byte) => String.fromCharCode(byte)).join(''))
  })()`)
  return Buffer.from(String(webp), 'base64')
}
