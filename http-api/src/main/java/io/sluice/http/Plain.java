package io.sluice.http;

/** The dialect itself turns the request down, with a status and a {@code detail}. */
public class Plain extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  public Plain(int status, String detail) {
    super(detail, null, false, false);
    this.status = status;
  }

  public Answer answer() {
    return Answer.detail(status, getMessage());
  }
}
