/** Plain pages for what has to be done before somebody can sign in. */

import { page } from '../http/page.ts'

const formPage = (title: string, said: string, fields: string) =>
  page(
    `${title} · Winnow`,
    `<h1>${title}</h1>
<p>${said}</p>
<form>
${fields}
<p><button>${title}</button></p>
</form>
<p role="status"></p>`,
    '/access.js',
  )

const NAME = '<p><label>Name <input name="name" autocomplete="name" required maxlength="200"></label></p>'
const EMAIL =
  '<p><label>E-mail address <input name="email" type="email" autocomplete="username" required maxlength="254"></label></p>'
const PASSWORD =
  '<p><label>Password, 10 characters or more <input name="password" type="password" autocomplete="new-password" required minlength="10" maxlength="128"></label></p>'

export const SETUP_PAGE = formPage(
  'Set up',
  'You become the administrator of this Winnow, and can invite others.',
  [NAME, EMAIL, PASSWORD].join('\n'),
)

export const JOIN_PAGE = formPage('Join', 'You have been invited to this Winnow.', [NAME, PASSWORD].join('\n'))

export const RESET_PAGE = formPage('Choose a new password', 'It replaces the one that you forgot.', PASSWORD)

export const ACCESS_SCRIPT = `const ADDRESSES = {
  '/setup': '/api/setup',
  '/join': '/api/invitations/accept',
  '/reset': '/api/password/reset',
}
const form = document.querySelector('form')
const status = document.querySelector('[role=status]')
form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const token = new URLSearchParams(location.search).get('token') ?? ''
  const reply = await fetch(ADDRESSES[location.pathname], {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, ...Object.fromEntries(new FormData(form)) }),
  })
  const body = await reply.json()
  if (reply.ok) form.remove()
  status.textContent = reply.ok
    ? 'Welcome, ' + body.person.name + '. You are signed in.'
    : body.error.message + '. ' + body.error.hint
})
`
