namespace PortalApp.Tests.Fixtures.Demo;

/// <summary>Where the demo keeps its things, all under <c>.demo/</c>.</summary>
internal static class DemoPaths
{
    public static string Root => Repository.Scratch;

    public static string Json => Path.Combine(Root, "demo.json");

    /// <summary>A running demo holds it; the kernel lets go when it dies.</summary>
    public static string Lock => Path.Combine(Root, ".demo.lock");

    /// <summary>What runs, for <c>./dev stop</c>: the boot's id, then a line "name id start-time" each, the supervisor first.</summary>
    public static string Processes => Path.Combine(Root, "processes");

    /// <summary>The supervisor's process id, written when a reset would work.</summary>
    public static string Ready => Path.Combine(Root, "ready");

    public static string Forest => Path.Combine(Root, "forest");
    public static string PostgreSql => Path.Combine(Root, "postgresql");
    public static string Portal => Path.Combine(Root, "portal");
    public static string Agent => Path.Combine(Root, "agent");
    public static string Provider => Path.Combine(Root, "provider");
    public static string Logs => Path.Combine(Root, "logs");

    /// <summary>What a detached supervisor says; its errors lie beside it, in <c>.err</c>.</summary>
    public static string Output => LogOf("demo");

    public static string LogOf(string part) => Path.Combine(Logs, part + ".log");
}
