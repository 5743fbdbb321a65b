import { Node } from '@tiptap/react'
import StarterKit from '@tiptap/starter-kit'
import { isGuaranteed, MERGE_FIELDS } from '../../core/merge-fields.ts'

/** The nodes of a letter that the editor does not know by itself. They are told by their attributes alone. */
const LABELS = new Map(MERGE_FIELDS.map((one) => [one.name, one.label]))
export const labelOf = (name: string): string => LABELS.get(name) ?? name

/** Not every couple has it, and nothing is said for those who have not. */
const isOpen = ({ name, fallback }: { readonly [attribute: string]: unknown }): boolean =>
  !isGuaranteed(String(name)) && String(fallback ?? '').trim() === ''

const field = Node.create({
  name: 'field',
  group: 'inline',
  inline: true,
  atom: true,
  addAttributes: () => ({ name: { default: '' }, fallback: { default: null } }),
  parseHTML: () => [{ tag: 'span[data-field]' }],
  renderHTML: ({ node }) => [
    'span',
    {
      'data-field': node.attrs.name,
      class: isOpen(node.attrs) ? 'letter-chip letter-chip-open' : 'letter-chip',
    },
    labelOf(String(node.attrs.name)),
  ],
  renderText: ({ node }) => `{{ ${String(node.attrs.name)} }}`,
})

const button = Node.create({
  name: 'button',
  group: 'block',
  atom: true,
  addAttributes: () => ({ label: { default: 'Open' }, url: { default: 'https://' } }),
  parseHTML: () => [{ tag: 'div[data-button]' }],
  renderHTML: ({ node }) => [
    'div',
    { 'data-button': '' },
    ['span', { class: 'letter-button' }, String(node.attrs.label)],
  ],
})

const image = Node.create({
  name: 'image',
  group: 'block',
  atom: true,
  addAttributes: () => ({ src: { default: 'https://' }, alt: { default: '' }, width: { default: null } }),
  parseHTML: () => [{ tag: 'div[data-image]' }],
  // The picture itself is seen in the preview: the app's pages load nothing from elsewhere.
  renderHTML: ({ node }) => [
    'div',
    { 'data-image': '', class: 'letter-image' },
    `Picture: ${String(node.attrs.alt || node.attrs.src)}`,
  ],
})

const liquid = Node.create({
  name: 'liquid',
  group: 'block',
  atom: true,
  addAttributes: () => ({ text: { default: '' } }),
  parseHTML: () => [{ tag: 'pre[data-liquid]' }],
  renderHTML: ({ node }) => ['pre', { 'data-liquid': '', class: 'letter-liquid' }, String(node.attrs.text)],
})

export const LETTER_NODES = [
  StarterKit.configure({
    heading: { levels: [1, 2, 3] },
    link: { openOnClick: false, autolink: false, linkOnPaste: false, isAllowedUri: () => true },
    blockquote: false,
    code: false,
    codeBlock: false,
    strike: false,
    underline: false,
    trailingNode: false,
    dropcursor: false,
  }),
  field,
  button,
  image,
  liquid,
]
