/** data-open="id" opens a <dialog>, data-close closes it; menus (<details class="menu">) close on Escape and outside. */

document.addEventListener('click', (event) => {
  const opener = event.target.closest('[data-open]');
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.open)?.showModal();
    return;
  }
  const closer = event.target.closest('[data-close]');
  if (closer) closer.closest('dialog')?.close();
  document.querySelectorAll('details.menu[open]').forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  document.querySelectorAll('details.menu[open]').forEach((menu) => {
    menu.open = false;
    menu.querySelector('summary')?.focus();
  });
});
