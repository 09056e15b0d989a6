namespace PortalApp.Notifications;

internal static class NotificationServices
{
    public static IHostApplicationBuilder AddNotifications(this IHostApplicationBuilder builder)
    {
        builder.Services.Configure<MailOptions>(builder.Configuration.GetSection(MailOptions.Section));
        builder.Services.AddSingleton<MailQueue>();
        builder.Services.AddSingleton<MailCarrier>();
        builder.Services.AddHostedService<MailSender>();
        builder.Services.AddHostedService<MailSweep>();
        return builder;
    }
}
