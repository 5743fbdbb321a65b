import { z } from 'zod'
import { brandWordsSchema, LOGO_BYTES_MAX } from '../core/brand.ts'
import { ofVendor, operation } from './operation.ts'

/** How a business looks and signs in what it sends. */
const brand = brandWordsSchema.extend({
  logo: z.object({ url: z.string(), width: z.int(), height: z.int() }).nullable(),
})

export const readBrand = operation({
  id: 'brand.read',
  method: 'get',
  path: '/vendors/{vendor}/brand',
  summary: 'How letters of the business look, and how they are signed',
  needs: 'vendor:read',
  params: ofVendor,
  answer: brand,
  etag: 'gives',
})

export const changeBrand = operation({
  id: 'brand.change',
  method: 'patch',
  path: '/vendors/{vendor}/brand',
  summary:
    'Change the look of letters: what is not sent stays as it is. Letters that were sent stay as they were',
  needs: 'vendor:write',
  params: ofVendor,
  body: brandWordsSchema.partial(),
  answer: brand,
  etag: 'needs',
})

export const setLogo = operation({
  id: 'brand.logo.set',
  method: 'put',
  path: '/vendors/{vendor}/brand/logo',
  summary: 'Bring a logo: a PNG or JPEG of at most 100 kB and 1,200 pixels',
  needs: 'vendor:write',
  params: ofVendor,
  body: z.strictObject({
    picture: z
      .string()
      .min(1)
      .max(Math.ceil(LOGO_BYTES_MAX / 3) * 4)
      .regex(/^[A-Za-z0-9+/]+={0,2}$/, 'base64')
      .describe('The file in base64.'),
  }),
  answer: brand,
})

export const dropLogo = operation({
  id: 'brand.logo.drop',
  method: 'delete',
  path: '/vendors/{vendor}/brand/logo',
  summary: 'Write letters without a logo',
  needs: 'vendor:write',
  params: ofVendor,
  answer: brand,
})

export const previewBrand = operation({
  id: 'brand.preview',
  method: 'post',
  path: '/vendors/{vendor}/brand/preview',
  summary: 'A letter as it would look with these settings, to a couple like any other; nothing is kept',
  needs: 'vendor:read',
  params: ofVendor,
  body: brandWordsSchema.partial(),
  answer: z.object({ html: z.string(), text: z.string() }),
  onlyLooks: true,
})
