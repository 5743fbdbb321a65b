/** Finds, copies, and shows where one is. Nothing on the page needs it to be read. */
const nav = document.querySelector('nav')
const links = [...nav.querySelectorAll('li a')]
const groups = [...nav.querySelectorAll('.group')]
const none = nav.querySelector('.none')

/** What can be found by: the name, the path and the words of each operation. */
const words = new Map(
  links.map((link) => {
    const section = document.getElementById(link.hash.slice(1))
    const said = [link, ...(section?.querySelectorAll('.at, .d') ?? [])].map((one) => one.textContent)
    return [link, said.join(' ').toLowerCase()]
  }),
)

const find = document.getElementById('find')
find.parentElement.hidden = false
find.addEventListener('input', () => {
  const wanted = find.value.toLowerCase().split(/\s+/).filter(Boolean)
  let count = 0
  for (const link of links) {
    const is = wanted.every((word) => words.get(link).includes(word))
    link.parentElement.hidden = !is
    if (is) count += 1
  }
  for (const group of groups) group.hidden = !group.querySelector('li:not([hidden])')
  nav.classList.toggle('finding', wanted.length > 0)
  none.textContent =
    wanted.length === 0 ? '' : count === 0 ? 'Nothing is called or described so.' : `${count} found`
})
find.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    find.value = ''
    find.dispatchEvent(new Event('input'))
  }
  const first = nav.querySelector('.group:not([hidden]) li:not([hidden]) a')
  if (event.key === 'Enter' && find.value && first) first.click()
})
document.addEventListener('keydown', (event) => {
  const writing = event.target instanceof HTMLInputElement
  if (event.key !== '/' || writing || event.ctrlKey || event.metaKey || event.altKey) return
  event.preventDefault()
  find.focus()
})

for (const code of document.querySelectorAll('pre.c')) {
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = 'Copy'
  const owner = code.closest('section')?.querySelector('h3')?.textContent
  button.setAttribute('aria-label', `Copy the example of ${owner}`)
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(code.textContent)
      button.textContent = 'Copied'
    } catch {
      getSelection().selectAllChildren(code)
      button.textContent = 'Marked'
    }
    setTimeout(() => {
      button.textContent = 'Copy'
    }, 1600)
  })
  code.previousElementSibling.append(button)
}

/** The contents say where the reader is. */
const byId = new Map(links.map((link) => [link.hash.slice(1), link]))
let here = null
const seen = new Set()
const watcher = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) isIntersecting ? seen.add(target) : seen.delete(target)
    const first = [...seen].sort((a, b) => a.offsetTop - b.offsetTop)[0]
    if (!first || byId.get(first.id) === here) return
    here?.removeAttribute('aria-current')
    here = byId.get(first.id)
    here?.setAttribute('aria-current', 'true')
    if (here && getComputedStyle(nav).position === 'sticky') {
      const { top, bottom } = here.getBoundingClientRect()
      if (top < 80 || bottom > innerHeight - 24) nav.scrollTop += top - innerHeight / 2
    }
  },
  { rootMargin: '-10% 0px -70% 0px' },
)
for (const section of document.querySelectorAll('section.op')) watcher.observe(section)
