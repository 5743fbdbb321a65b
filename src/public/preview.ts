import type { Form } from '../core/form/form.ts'
import { DAY_MS, HOUR_MS, type Instant, instant, plusMs } from '../core/time/instant.ts'
import type { LocalDate, Zone } from '../core/time/local.ts'
import { localDateOf } from '../core/time/zone.ts'
import { openPage } from './form-page.ts'
import { dressed, localeOf, PAGE_HEADERS } from './forms.ts'

/** The page of a form for an imagined couple, framed by the app and by nobody else. */
export const PREVIEW_HEADERS = {
  ...PAGE_HEADERS,
  'content-security-policy': PAGE_HEADERS['content-security-policy']
    .replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    .replace("form-action 'self'", "form-action 'none'"),
  'x-frame-options': 'SAMEORIGIN',
} as const

const WEDDING_IN_DAYS = 200
const ANSWER_IN_DAYS = 21

export function previewPage(
  form: Form,
  vendor: Parameters<typeof dressed>[0] & { readonly zone: string; readonly region: string },
  now: Instant,
): string {
  const zone = vendor.zone as Zone
  const on: LocalDate = localDateOf(plusMs(now, WEDDING_IN_DAYS * DAY_MS), zone)
  const worded: Form = {
    ...form,
    title: form.title.trim() || 'Your title',
    sections: form.sections.map((section) => ({
      ...section,
      fields: section.fields.map((field) => ({ ...field, label: field.label.trim() || 'Your question' })),
    })),
  }
  return openPage(
    {
      vendor: dressed(vendor),
      // All parts at once: there is nobody whose answers could be kept between them.
      form: { ...worded, layout: 'page' },
      until: onTheHour(plusMs(now, ANSWER_IN_DAYS * DAY_MS)),
      zone,
      cover: { language: localeOf('en', vendor.region), day: { is: 'day', on }, names: ['Mia', 'Jonas'] },
      typed: {},
      answers: null,
      savedAt: null,
      submissions: 0,
    },
    { address: '#', step: 1, errors: {}, preview: true },
  )
}

const onTheHour = (at: Instant): Instant => instant(Math.floor(at / HOUR_MS) * HOUR_MS)
