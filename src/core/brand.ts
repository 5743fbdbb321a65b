import { z } from 'zod'

/** How a business looks and signs in what it sends. Public by nature: it stands in every letter. */
export const FONTS = ['serif', 'sans'] as const
export const LOGO_BYTES_MAX = 100_000
export const LOGO_PIXELS_MAX = 1_200

const lines = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
    .regex(/^[^\u0000-\u0009\u000b-\u001f\u007f\u2028\u2029\ue000-\uf8ff]*$/, 'no control characters')

export const logoSchema = z.strictObject({
  /** Names its bytes: another picture has another address. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  type: z.enum(['png', 'jpeg']),
  width: z.int().min(1).max(LOGO_PIXELS_MAX),
  height: z.int().min(1).max(LOGO_PIXELS_MAX),
})
export type Logo = z.infer<typeof logoSchema>

/** What a person may set; the logo is changed by bringing another one. */
export const brandWordsSchema = z.strictObject({
  accent: z
    .string()
    .regex(/^#[0-9a-f]{6}$/, 'a colour such as #7a3e48')
    .refine((colour) => contrastOf(colour, '#ffffff') >= CONTRAST_MIN, {
      error: 'This colour is too light: white words on it could not be read.',
    }),
  font: z.enum(FONTS),
  signature: lines(600),
  /** Laws of most countries want it in everything that advertises. */
  postalAddress: lines(300),
  replyTo: z.union([z.literal(''), z.email().max(254)]),
})
export const brandSchema = brandWordsSchema.extend({ logo: logoSchema.nullable() })
export type Brand = z.infer<typeof brandSchema>

export const PLAIN_BRAND: Brand = {
  accent: '#7a3e48',
  font: 'serif',
  signature: '',
  postalAddress: '',
  replyTo: '',
  logo: null,
}

/** What a row holds; nothing yet is the plain one. */
export const brandOf = (stored: unknown): Brand => {
  const read = brandSchema.safeParse(stored)
  return read.success ? read.data : PLAIN_BRAND
}

export const CONTRAST_MIN = 4.5

/** WCAG 2: between 1 and 21. */
export function contrastOf(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((from) => {
    const part = Number.parseInt(colour.slice(from, from + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
