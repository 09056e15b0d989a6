namespace PortalApp.PasswordReset.Flows;

/// <summary>
/// Undoes the transaction of a request whose flow was moved on by another tab meanwhile. Thrown inside <c>WritebackClient</c>'s transaction,
/// which has no other way out, and caught by the step that began it.
/// </summary>
internal sealed class FlowMovedOnException : Exception
{
    public static void ThrowUnless(bool moved)
    {
        if (!moved)
        {
            throw new FlowMovedOnException();
        }
    }
}
