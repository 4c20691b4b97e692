import { errorOf } from "~/api/error";
import { session } from "~/api/session";

/** Fetches a file, signed in as the page is, and has the browser save it. Throws ApiError. */
export async function download(path: string, name: string): Promise<void> {
  const token = session.token();
  const response = await fetch(path, { headers: token ? { Authorization: `Bearer ${token}` } : {} });
  if (!response.ok) throw await errorOf(response);
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
