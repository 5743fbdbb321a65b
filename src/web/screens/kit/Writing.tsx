import { useState } from 'react'
import type { JsonObject } from '../../../core/ids.ts'
import { MERGE_FIELDS } from '../../../core/merge-fields.ts'
import { type Document, documentOf } from '../../../modules/email/document.ts'
import { Section } from '../../../ui/Type.tsx'
import { LetterEditor } from '../../letters/LetterEditor.tsx'
import { panelOf } from '../designer/panels.ts'

const TextPanel = panelOf('sms')
const FIELDS = MERGE_FIELDS.map((one) => one.name)
const WRITTEN: Document = {
  type: 'doc',
  content: [
    ...documentOf('Dear {{ client.names }},\n\nsix weeks until your day at {{ wedding.venue }}.').content,
    { type: 'button', attrs: { label: 'Open the timeline', url: '{{ links.timeline }}' } },
    { type: 'liquid', attrs: { text: '{% if wedding.venue %}See you there.{% endif %}' } },
  ],
}

/** How letters and texts are written. It comes with an editor of its own, so it is a part that loads by itself. */
export function Writing() {
  const [body, setBody] = useState<JsonObject>(WRITTEN as unknown as JsonObject)
  const [text, setText] = useState<JsonObject>({
    body: 'Hi {{ client.partner_a.first_name }}, see you at {{ wedding.venue | default: "the venue" }} 🥂',
  })
  return (
    <Section title="Writing">
      <div className="grid items-start gap-6 py-3 md:grid-cols-2">
        <LetterEditor body={body as unknown as Document} fields={FIELDS} onChange={setBody} />
        {TextPanel && (
          <TextPanel config={text} onChange={setText} problems={[]} client={null} fields={FIELDS} />
        )}
      </div>
    </Section>
  )
}
