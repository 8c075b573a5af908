import { join } from "node:path";

/**
 * Where data stands when nobody says otherwise: as root below /var/lib (root's home is closed to the database's user),
 * else in the user's own data folder by the XDG Base Directory Specification.
 *
 * @param name one folder for one company, such as "company" or "demo".
 */
export function defaultDataFolder(name: string, user: { isRoot: boolean; home: string; xdgDataHome?: string | undefined }): string {
  if (user.isRoot) return join("/var/lib/kuraban", name);
  return join(user.xdgDataHome?.startsWith("/") ? user.xdgDataHome : join(user.home, ".local", "share"), "kuraban", name);
}
