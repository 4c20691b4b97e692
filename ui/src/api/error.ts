/** What the API said when it said no. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: Record<string, unknown> | undefined;
  readonly requestId: string | undefined;

  constructor(of: { status: number; code: string; message: string; details?: Record<string, unknown>; requestId?: string }) {
    super(of.message);
    this.name = "ApiError";
    this.status = of.status;
    this.code = of.code;
    this.details = of.details;
    this.requestId = of.requestId;
  }

  get notFound() {
    return this.status === 404;
  }
}

/** Reads an answer that is no success: {error, message, details}, or one of the API's published exceptions. */
export async function errorOf(response: Response): Promise<ApiError> {
  const requestId = response.headers.get("X-Request-Id") ?? undefined;
  const fallback = { status: response.status, code: `HTTP-${response.status}`, message: response.statusText || `HTTP ${response.status}`, requestId };
  let body: unknown;
  try {
    body = JSON.parse(await response.text());
  } catch {
    return new ApiError(fallback);
  }
  if (typeof body === "string") return new ApiError({ ...fallback, message: body });
  if (Array.isArray(body)) return new ApiError({ ...fallback, message: "The state forbids it.", details: { objects: body } });
  if (typeof body !== "object" || body === null) return new ApiError(fallback);
  const { error, message, details } = body as { error?: unknown; message?: unknown; details?: unknown };
  const given = typeof details === "object" && details !== null && Object.keys(details).length > 0 ? (details as Record<string, unknown>) : undefined;
  if (typeof message === "string") return new ApiError({ ...fallback, code: typeof error === "string" ? error : fallback.code, message, details: given });
  return new ApiError({ ...fallback, message: typeof error === "string" ? error : fallback.message, details: given });
}

/** Whatever was thrown, as an ApiError. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError({ status: 0, code: "ERROR", message: error instanceof Error ? error.message : String(error) });
}
