import { registry } from '../registry.ts'

const words = (type: string): string => {
  const text = type.replaceAll('_', ' ')
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

/** Everything that can happen outside and be waited for: what the triggers listen to, and a reply, and a letter that comes back. */
export const EVENTS: readonly { readonly value: string; readonly label: string }[] = [
  ...new Map(
    [...registry.triggers.values()]
      .flatMap((type) => (type.listensTo === null ? [] : [type.listensTo]))
      .concat('reply_received', 'message_bounced', 'gallery_published')
      .map((type) => [type, { value: type, label: words(type) }]),
  ).values(),
]
