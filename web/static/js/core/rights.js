// What the page may offer; the daemon decides again at every call.

const RANK = { user: 0, moderator: 1, admin: 2 };
const mine = RANK[document.documentElement.dataset.role] ?? -1;

/** Whether the signed-in person may do what `role` may. */
export const may = (role) => mine >= RANK[role];
