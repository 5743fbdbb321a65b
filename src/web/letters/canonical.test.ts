import { expect, test } from 'vitest'
import { documentSchema } from '../../modules/email/document.ts'
import { canonical } from './canonical.ts'

test('what the editor adds of its own is left out, and the letter can be read', () => {
  const held = {
    type: 'doc',
    content: [
      {
        type: 'paragraph',
        attrs: { textAlign: null },
        content: [
          {
            type: 'text',
            text: 'here',
            marks: [
              {
                type: 'link',
                attrs: { href: 'https://a.example', target: '_blank', rel: 'noopener', class: null },
              },
            ],
          },
          { type: 'field', attrs: { name: 'client.names', fallback: null } },
        ],
      },
      {
        type: 'orderedList',
        attrs: { start: 3, type: null },
        content: [{ type: 'listItem', content: [{ type: 'paragraph' }] }],
      },
      { type: 'image', attrs: { src: 'https://a.example/p.png', alt: '', width: null } },
    ],
  }
  const read = documentSchema.parse(canonical(held))
  expect(read.content).toMatchObject([
    {
      content: [
        { marks: [{ type: 'link', attrs: { href: 'https://a.example' } }] },
        { attrs: { name: 'client.names', fallback: null } },
      ],
    },
    { type: 'orderedList', attrs: { start: 3 } },
    { attrs: { src: 'https://a.example/p.png', alt: '' } },
  ])
})
