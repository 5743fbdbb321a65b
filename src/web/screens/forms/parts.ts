/** The sides of one form, as they stand in the address. */
export const PARTS = ['build', 'preview', 'answers', 'waiting'] as const
export type Part = (typeof PARTS)[number]
